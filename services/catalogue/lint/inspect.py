"""Runs the rules in stages: later ones rely on what earlier ones made sure of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from services.catalogue.files import Tables
from services.catalogue.lint import reading
from services.catalogue.lint.finding import PROBLEM, Finding
from services.common.errors import InvalidInput, Problem

Check = Callable[[Tables], Iterator[Finding]]
STAGES: tuple[tuple[Check, ...], ...] = ((reading.find_uneven_rows,),)


class CatalogueRefused(InvalidInput):
    """The catalogue has problems; nothing of it was loaded."""

    code = "catalogue_refused"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(
            [
                Problem(found.rule.code, str(found), f"/{found.file}/{found.line}")
                for found in findings
            ]
        )
        self.findings = findings


class Inspection(NamedTuple):
    """What the linter saw; `complete` is false if problems kept rules from running."""

    findings: list[Finding]
    tables: Tables
    complete: bool

    @property
    def problems(self) -> list[Finding]:
        return [found for found in self.findings if found.level == PROBLEM]


def inspect_catalogue(directory: Path) -> Inspection:
    """Return every finding about the files of a catalogue."""
    tables, findings = reading.read(directory)
    if findings:
        return Inspection(findings, tables, complete=False)
    for stage in STAGES:
        findings += [found for check in stage for found in check(tables)]
        if any(found.level == PROBLEM for found in findings):
            return Inspection(findings, tables, complete=stage is STAGES[-1])
    return Inspection(findings, tables, complete=True)


def refuse_problems(directory: Path) -> Tables:
    """
    Return the files of a catalogue without problems.

    :raises CatalogueRefused: with all problems that were found.
    """
    inspection = inspect_catalogue(directory)
    if inspection.problems:
        raise CatalogueRefused(inspection.problems)
    return inspection.tables
