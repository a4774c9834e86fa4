"""A rule of the linter, and what it found."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.functional import Promise

from services.catalogue.files import Row

PROBLEM = "problem"  # refuses the load
ADVICE = "advice"  # for an editor to judge


@dataclass(frozen=True)
class Rule:
    """One thing that may be wrong; the sentences take the finding's params."""

    code: str
    level: str
    text: str | Promise
    what_to_do: str | Promise

    def at(self, row: Row, **params: object) -> Finding:
        """Return a finding of this rule about a row."""
        return Finding(self, row.file, row.line, params)

    def in_file(self, file: str, line: int = 1, **params: object) -> Finding:
        """Return a finding about a file as a whole."""
        return Finding(self, file, line, params)


@dataclass(frozen=True)
class Finding:
    """One breach of a rule, with its place."""

    rule: Rule
    file: str
    line: int
    params: dict[str, object] = field(default_factory=dict)

    @property
    def level(self) -> str:
        return self.rule.level

    @property
    def text(self) -> str:
        """Return what is wrong, in the reader's language."""
        return str(self.rule.text) % self.params

    @property
    def what_to_do(self) -> str:
        """Return how to put it right, in the reader's language."""
        return str(self.rule.what_to_do) % self.params

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        return f"{place} [{self.rule.code}] {self.text} → {self.what_to_do}"
