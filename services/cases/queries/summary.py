"""One case in one value: what was obtained, what was asked, what was saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from services.cases.models import Case, Certificate, Decision, Requirement, Task
from services.cases.plans import case_definition
from services.catalogue.models import Department
from services.catalogue.queries import materials
from services.exchange.flags import flags_of
from services.exchange.models import Exchange
from services.exchange.queries import open_requests_of
from services.exchange.words import sentence


class Verification(NamedTuple):
    """One exchange as people see it."""

    material: str
    material_name: str
    material_name_en: str
    department: str
    department_name: str
    department_name_en: str
    exchange: Exchange
    renewing: bool  # it takes the place of an answer that has gone stale
    looking: tuple[str, ...]  # kinds of the open requests to the department's officers

    def words(self, *, department: str, now: datetime) -> str:
        """Return what happened and what happens next."""
        return sentence(
            self.exchange,
            department=department,
            now=now,
            renewing=self.renewing,
            looking=self.looking,
        )

    def flags(self, now: datetime) -> tuple[str, ...]:
        """Return what a clerk has to know about it, in codes."""
        return flags_of(self.exchange, now=now, looking=self.looking)


class Asked(NamedTuple):
    """Something that the applicant had to bring, or did otherwise."""

    material: str
    name: str
    name_en: str
    kind: str
    means: str


class Saved(NamedTuple):
    """What the applicant did not have to do (visits: guessed figures)."""

    documents: int
    visits: int


class CaseSummary(NamedTuple):
    """How a case stands."""

    case: Case
    verifications: Sequence[Verification]
    requirements: Sequence[Requirement]
    asked: Sequence[Asked]
    saved: Saved
    tasks: Sequence[Task]
    certificate: Certificate | None
    decision: Decision | None
    deadline: date | None
    decided_at: datetime | None


def verifications(case: Case) -> list[Verification]:
    """Return what departments were asked for a case, in the order of asking."""
    known = materials()
    names = Department.objects.in_bulk()
    asked = list(
        Exchange.objects.filter(case=case.reference)
        .select_related("evidence")
        .order_by("pk")
    )
    rows = [one for one in asked if one.state != Exchange.State.CANCELLED]
    stale = {_key(one) for one in asked if one.evidence and one not in rows}
    looking: dict[int, list[str]] = defaultdict(list)
    for request in open_requests_of(case.reference):
        looking[request.exchange_id].append(request.kind)
    return [
        Verification(
            row.material,
            known[row.material].name,
            known[row.material].name_en,
            row.department,
            names[row.department].name,
            names[row.department].name_en,
            row,
            _key(row) in stale,
            tuple(looking[row.pk]),
        )
        for row in rows
    ]


def _key(exchange: Exchange) -> tuple[str, str]:
    return exchange.material, exchange.subject


def summary(case: Case) -> CaseSummary:
    """Return everything that tracking pages and `apply` show of a case."""
    rows = list(case.requirements.order_by("position"))
    certificate = Certificate.objects.filter(case=case).first()
    decision = Decision.objects.filter(case=case).first()
    return CaseSummary(
        case=case,
        verifications=verifications(case),
        requirements=rows,
        asked=_asked(case, rows),
        saved=_saved(case, rows),
        tasks=list(case.tasks.filter(closed_at__isnull=True).order_by("opened_at")),
        certificate=certificate,
        decision=decision,
        deadline=case.promised_on,
        decided_at=case.decided_at,
    )


def _asked(case: Case, rows: Sequence[Requirement]) -> list[Asked]:
    links = case_definition(case).links
    own = {
        member["material"]: row.means
        for row in rows
        for member in row.members
        if member["how"] in {"upload", "form", "sign"}
        and (row.satisfied_by == member["material"] or row.state == "waiting")
    }
    return [
        Asked(code, links[code].name, links[code].name_en, links[code].kind, means)
        for code, means in own.items()
    ]


def _saved(case: Case, rows: Sequence[Requirement]) -> Saved:
    definition = case_definition(case)
    documents = sum(
        any(member["how"] == "exchange" for member in row.members) for row in rows
    )
    visits = definition.before["visits"] - definition.visits_now
    return Saved(documents=documents, visits=visits)
