"""Errors that name the broken rule, with a code that stays the same."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong with an input, and where."""

    code: str
    message: str
    pointer: str = ""  # JSON pointer, e.g. /answers/premises


class DomainError(Exception):
    """A rule of the field was broken; `code` is public and stable."""

    code = "domain_error"


class InvalidInput(DomainError):
    """Everything that is wrong with one input, listed together."""

    code = "invalid_input"

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        super().__init__("; ".join(str(problem.message) for problem in problems))
        self.problems = tuple(problems)
