"""Lay down what a case must show, and settle each from what has come in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from django.utils import timezone

from services.cases.evidence import Standing
from services.cases.models import Case, Requirement
from services.cases.planning.plan import Plan, PlannedMember, PlannedRequirement
from services.cases.working_calendar import working_calendar
from services.common.subjects import Subject
from services.departments.gateways.contract import NOT_FOUND

State = Requirement.State
Means = Requirement.Means
EXCHANGE = "exchange"
MEMBER = tuple(each.name for each in fields(PlannedMember))
DEFERRED_DAYS = 10  # working days in which a deferred paper must follow (容缺后补)


@dataclass(frozen=True, slots=True)
class OwnSide:
    """What the applicant brought: papers, commitments, and papers to follow."""

    uploads: Collection[str]
    commitments: Collection[str]
    deferred: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a requirement stands."""

    state: str
    means: str = ""
    material: str = ""
    evidence: int | None = None


def rows_for(case: Case, plan: Plan) -> list[Requirement]:
    """Return the requirement rows of a plan, unsaved and unsettled."""
    return [
        Requirement(
            case=case,
            position=position,
            name=planned.name,
            name_en=planned.name_en,
            subject=str(planned.subject),
            members=list(members_of(planned)),
            key=planned.key,
            ladder=[asdict(rung) for rung in planned.ladder],
        )
        for position, planned in enumerate(plan.requirements, start=1)
    ]


def members_of(planned: PlannedRequirement) -> Iterator[dict[str, Any]]:
    """Yield each way to satisfy a planned requirement."""
    for member in planned.members:
        columns = {name: getattr(member, name) for name in MEMBER}
        yield {
            **columns,
            "subject": str(member.subject),
            "commit_ok": planned.commit_ok,
            "deferrable": planned.deferrable,
        }


def settle(
    requirement: Requirement, answers: Standing, own: OwnSide, now: datetime
) -> Settlement:
    """
    Return how a requirement stands, trying its members in order.

    A department that has not answered keeps it unsettled: never "missing". What was
    shown too long ago counts as not answered.
    """
    silent = False
    own_way: Settlement | None = None
    for member in requirement.members:
        if member["how"] == EXCHANGE:
            answered = answers.get(exchange_key(member))
            if answered and answered.holds_good(now):
                return Settlement(
                    State.SATISFIED,
                    Means.EVIDENCE,
                    member["material"],
                    answered.evidence,
                )
            silent = silent or not (answered and answered.known.outcome == NOT_FOUND)
        if own_way is None and (means := _own_means(member, own)):
            own_way = Settlement(State.SATISFIED, means, member["material"])
    return own_way or Settlement(_open_state(requirement, silent=silent))


def exchange_key(member: dict[str, Any]) -> tuple[str, Subject]:
    """Return under which key the answers know this member."""
    kind, _, key = member["subject"].partition(":")
    return member["material"], Subject(kind, key)


def unasked_members(
    requirement: Requirement, answers: Standing
) -> list[tuple[str, str, Subject]]:
    """Return whom to ask next; a fallback only when all before it are not found."""
    wanted = []
    none_before = True
    for member in requirement.members:
        if member["how"] != EXCHANGE:
            continue
        if member["fallback"] and not none_before:
            break
        key = exchange_key(member)
        answered = answers.get(key)
        if answered is None:
            wanted.append((member["material"], member["department"], key[1]))
        none_before = (
            none_before and answered is not None and answered.known.outcome == NOT_FOUND
        )
    return wanted


def stale_members(
    requirement: Requirement, answers: Standing, now: datetime
) -> list[tuple[str, Subject]]:
    """Return which members were shown too long ago for a decision."""
    return [
        key
        for member in requirement.members
        if member["how"] == EXCHANGE
        and (answered := answers.get(key := exchange_key(member)))
        and answered.is_stale(now)
    ]


def settle_rows(
    requirements: list[Requirement], answers: Standing, own: OwnSide, *, now: datetime
) -> list[Requirement]:
    """
    Settle what is not yet satisfied; return the rows that changed.

    What rests on evidence that is stale, or no longer what stands, is settled anew.
    """
    good = {a.evidence for a in answers.values() if a.holds_good(now)}
    return [
        row
        for row in requirements
        if not _stands(row, good)
        and _write_settlement(row, settle(row, answers, own, now), now=now)
    ]


def _stands(row: Requirement, good: Collection[int | None]) -> bool:
    return row.state == State.SATISFIED and (
        row.means != Means.EVIDENCE or row.evidence_id in good
    )


def _write_settlement(
    requirement: Requirement, settlement: Settlement, *, now: datetime
) -> bool:
    before = (requirement.state, requirement.evidence_id)
    requirement.state = settlement.state
    requirement.means = settlement.means
    requirement.satisfied_by = settlement.material
    requirement.evidence_id = settlement.evidence
    requirement.settled_at = now if settlement.state == State.SATISFIED else None
    if settlement.means == Means.DEFERRED:
        today = timezone.localtime(now).date()
        requirement.due_on = working_calendar().add_working_days(today, DEFERRED_DAYS)
    return before != (requirement.state, requirement.evidence_id)


def _own_means(member: dict[str, Any], own: OwnSide) -> str:
    """Return how the applicant itself settles a member: promises only where allowed."""
    material = member["material"]
    ways = {
        Means.FORM: member["how"] == "form",
        Means.COMMITMENT: member["how"] == "sign"
        or (member["commit_ok"] and material in own.commitments),
        Means.UPLOAD: member["how"] == "upload" and material in own.uploads,
        Means.DEFERRED: member["deferrable"] and material in own.deferred,
    }
    return next((means for means, open_ in ways.items() if open_), "")


def _open_state(requirement: Requirement, *, silent: bool) -> str:
    if silent:
        return State.UNSETTLED
    own_paper = any(member["how"] == "upload" for member in requirement.members)
    return State.WAITING if own_paper else State.MISSING
