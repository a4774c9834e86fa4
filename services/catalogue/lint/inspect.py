"""Runs the rules in stages: later ones rely on what earlier ones made sure of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from services.catalogue.files import Tables
from services.catalogue.lint import (
    alternatives,
    departments,
    derivations,
    effects,
    events,
    fields,
    items,
    links,
    negative,
    questions,
    reach,
    reading,
    references,
    shape,
    stops,
    submission,
    times,
    words,
)
from services.catalogue.lint.finding import PROBLEM, Finding
from services.catalogue.source import Catalogue
from services.common.errors import InvalidInput, Problem

Check = Callable[[Catalogue], Iterator[Finding]]
STAGES: tuple[tuple[Check, ...], ...] = (
    (reading.find_uneven_rows, shape.find_columns),
    (shape.find_keys, shape.find_cells),
    (
        references.find_options,
        references.find_items,
        references.find_issuers,
        references.find_names,
        references.find_city_materials,
        effects.find_values,
        submission.find_modes,
        submission.find_forms,
    ),
    (
        submission.find_alternatives,
        submission.find_reasons,
        submission.find_texts,
        submission.find_fields,
        submission.find_links,
        departments.find_holdings,
        departments.find_departments,
        departments.find_districts,
        departments.find_attributes,
        questions.find_questions,
        questions.find_burden,
        derivations.find_derivations,
        derivations.find_announcements,
        effects.find_waivers,
        effects.find_contradictions,
        stops.find_stops,
        stops.find_dead_ends,
        effects.find_notes,
        effects.find_idle_effects,
        alternatives.find_groups,
        alternatives.find_uses,
        links.find_links,
        links.find_conditions,
        links.find_subjects,
        links.find_licence,
        links.find_commitments,
        fields.find_fields,
        fields.find_empty_forms,
        items.find_facts,
        items.find_comparisons,
        items.find_guides,
        items.find_results,
        times.find_times,
        times.find_promises,
        times.find_defaults,
        reach.find_unused,
        reach.find_cycles,
        events.find_events,
        words.find_words,
        words.find_wordless,
        negative.find_negative,
    ),
)


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
    catalogue = Catalogue(tables)
    for stage in STAGES:
        findings += [found for check in stage for found in check(catalogue)]
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
