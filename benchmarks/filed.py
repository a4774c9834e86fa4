"""Cases filed per second, against the same rows written by bare psycopg."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter

from django.utils import timezone

from benchmarks.companies import Applicant
from benchmarks.copies import Copyist, Source, Written, copy_database
from benchmarks.report import Result, result
from services.cases.models import Case
from services.cases.operations.draft import open_draft, save_draft
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing
from services.catalogue.models import ItemVersion

UNIT = "cases/s"
BLOCK = 10  # cases: so short that what else this machine does meets both alike


@dataclass
class Round:
    """Rates of one round, ours and the rival's: filing alone, and with the draft."""

    filing: tuple[float, float]
    whole: tuple[float, float]
    rows: tuple[float, float]  # per case


class Filed:
    """Files cases, then has the same rows written into copies of the database."""

    def __init__(self, address: str, item: ItemVersion) -> None:
        self.item = item
        self._copies = [copy_database(address, name) for name in ("filing", "whole")]
        self._source = Source(address)
        columns = self._source.columns()
        self._filing, self._whole = (Copyist(copy, columns) for copy in self._copies)
        self._written: tuple[list[Written], list[Written]] = ([], [])

    def run(self, applicants: list[Applicant]) -> Round:
        """Measure one round: blocks of ours and the rival's alternate."""
        n = len(applicants)
        seconds = [0.0] * 4
        rows = [0, 0]
        for start in range(0, n, BLOCK):
            drafting, filing, marks = self._file(applicants[start : start + BLOCK])
            parts = self._source.written(marks)
            filed = parts[1::2]
            whole = [
                Written(_merged(draft, rest))
                for draft, rest in zip(parts[::2], filed, strict=True)
            ]
            seconds[0] += filing
            seconds[1] += _seconds(self._filing.write, filed)
            seconds[2] += drafting + filing
            seconds[3] += _seconds(self._whole.write, whole)
            for number, written in enumerate((filed, whole)):
                self._written[number].extend(written)
                rows[number] += sum(each.count for each in written)
        return Round(
            filing=(n / seconds[0], n / seconds[1]),
            whole=(n / seconds[2], n / seconds[3]),
            rows=(rows[0] / n, rows[1] / n),
        )

    def _file(self, applicants: list[Applicant]) -> tuple[float, float, list[int]]:
        drafting = filing = 0.0
        marks = [self._source.mark()]
        for applicant in applicants:
            started = perf_counter()
            draft = opened_draft(applicant, self.item)
            drafting += perf_counter() - started
            marks.append(self._source.mark())
            started = perf_counter()
            file_case(
                case=draft, filing=Filing(), actor=applicant.actor, now=timezone.now()
            )
            filing += perf_counter() - started
            marks.append(self._source.mark())
        return drafting, filing, marks

    def results(self, rounds: list[Round]) -> Iterator[Result]:
        """Check what was written, and return both results."""
        count = len(self._written[0])
        accepted = Case.objects.filter(
            item_version=self.item, number__isnull=False, accepted_at__isnull=False
        )
        assert accepted.count() == count, "not every filing was accepted"
        same = [
            self._filing.compare(self._written[0]),
            self._whole.compare(self._written[1]),
        ]
        for number, name in enumerate(("filed", "drafted_and_filed")):
            yield result(
                name,
                pairs=[(r.filing, r.whole)[number] for r in rounds],
                unit=UNIT,
                checked=f"{count} cases numbered and accepted; {same[number]} rows "
                f"({rounds[-1].rows[number]:.0f} a case) equal in ours and the copy",
            )

    def close(self) -> None:
        self._source.close()
        self._filing.close()
        self._whole.close()


def opened_draft(applicant: Applicant, item: ItemVersion) -> Case:
    """Open a draft, which asks departments, and fill in the form."""
    draft = open_draft(
        entity=applicant.entity,
        item_version=item,
        actor=applicant.actor,
        now=timezone.now(),
    )
    save_draft(
        case=draft,
        answers={},
        fields=applicant.fields,
        actor=applicant.actor,
        now=timezone.now(),
    )
    return draft


def _seconds(write: Callable[[Written], None], all_written: list[Written]) -> float:
    started = perf_counter()
    for written in all_written:
        write(written)
    return perf_counter() - started


def _merged(first: Written, second: Written) -> dict[str, list[tuple[object, ...]]]:
    tables = [*first.rows, *(name for name in second.rows if name not in first.rows)]
    return {
        name: [*first.rows.get(name, ()), *second.rows.get(name, ())] for name in tables
    }
