"""What a case must show, from whom, and how it stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from services.cases.planning.evidence import FOUND, NOT_FOUND, Evidence
from services.cases.planning.index import EXCHANGE, Index
from services.cases.planning.ladder import climb
from services.cases.planning.plan import (
    PlannedMember,
    PlannedRequirement,
    Wanted,
)
from services.cases.planning.slots import Slot
from services.catalogue.definition import THIRD_PARTY, MaterialLink
from services.common.subjects import Subject

UPLOAD = "upload"
PERMIT = "permit"


class Commitments(NamedTuple):
    """Which kinds of commitment are open to this applicant with these answers."""

    barred: bool  # serious dishonesty
    permits: bool  # licence conditions may be committed to

    def open_for(self, link: MaterialLink) -> bool:
        """Return whether a commitment may stand in for this material."""
        allowed = link.commit_kind != PERMIT or self.permits
        return link.commit_ok and allowed and not self.barred


def plan_requirements(
    index: Index,
    slots: Sequence[Slot],
    evidence: Evidence,
    commitments: Commitments,
) -> tuple[PlannedRequirement, ...]:
    """Return one requirement per slot and subject of its first material."""
    return tuple(
        _requirement(index, number, slot, subject, evidence, commitments)
        for number, slot in enumerate(slots)
        for subject in evidence.subjects(slot.materials[0])
    )


def plan_wanted(
    index: Index, requirements: Iterable[PlannedRequirement], evidence: Evidence
) -> tuple[Wanted, ...]:
    """
    Return every exchange that the case needs, each once.

    Members of a group are asked at the same time; a fallback only when all members
    before it are not found.
    """
    wanted = [
        Wanted(member.material, member.department, member.subject)
        for requirement in requirements
        for member in _to_ask(requirement.members, evidence)
    ]
    for material in index.rule_materials:
        link = index.definition.links.get(material)
        if link is not None and link.holder:
            wanted += [
                Wanted(material, link.holder, subject)
                for subject in evidence.subjects(material)
            ]
    return tuple(dict.fromkeys(wanted))


def _requirement(
    index: Index,
    number: int,
    slot: Slot,
    subject: Subject,
    evidence: Evidence,
    commitments: Commitments,
) -> PlannedRequirement:
    links = index.definition.links
    members = tuple(_members(index, slot, subject, evidence))
    first = links[slot.materials[0]]
    group = index.groups.get(slot.group)
    named = group if group and len(slot.materials) > 1 else first
    own = [links[material] for material in slot.materials]
    key = any(link.key for link in own)
    committable = [
        link
        for link in [*own, *(links[material] for material in slot.fallback)]
        if not key and commitments.open_for(link)
    ]
    status, satisfied_by = _status(members, evidence)
    return PlannedRequirement(
        slot=number,
        subject=subject,
        members=members,
        name=named.name,
        name_en=named.name_en,
        key=key,
        commit_ok=bool(committable),
        commit_kind=committable[0].commit_kind if committable else "",
        deferrable=any(
            links[m.material].deferrable for m in members if m.how == UPLOAD
        ),
        status=status,
        satisfied_by=satisfied_by,
        ladder=climb(index.definition, members, evidence, committable, status),
    )


def _members(
    index: Index, slot: Slot, subject: Subject, evidence: Evidence
) -> Iterator[PlannedMember]:
    """Yield the ways to satisfy a slot, in the order in which they are tried."""
    links = index.definition.links
    first = links[slot.materials[0]]
    asked = any(links[material].how == EXCHANGE for material in slot.materials)
    own = [(material, False) for material in slot.materials]
    for material, fallback in [*own, *((m, True) for m in slot.fallback)]:
        link = links[material]
        about = _about(link, first, subject, evidence)
        later = fallback or (asked and link.how == UPLOAD)
        yield _member(link, link.how, about, fallback=later)
        if link.kind == THIRD_PARTY and link.how == EXCHANGE:
            yield _member(link, UPLOAD, about, fallback=True)


def _about(
    link: MaterialLink, first: MaterialLink, subject: Subject, evidence: Evidence
) -> Subject:
    """Return a member's subject: that of the slot, where both read one field."""
    if (link.subject, link.subject_field) == (first.subject, first.subject_field):
        return subject
    return evidence.subjects(link.material)[0]


def _member(
    link: MaterialLink, how: str, subject: Subject, *, fallback: bool
) -> PlannedMember:
    return PlannedMember(
        link.material,
        link.name,
        link.name_en,
        how,
        link.holder if how == EXCHANGE else "",
        subject,
        fallback,
    )


def _status(members: Sequence[PlannedMember], evidence: Evidence) -> tuple[str, str]:
    """
    Return how a requirement stands, and the material that satisfies it.

    Only a department that is sure to hold nothing counts against it; one that did not
    answer leaves it open.
    """
    certain = True
    for member in members:
        if member.how != EXCHANGE:
            continue
        if member.fallback and not certain:
            break
        outcome = evidence.known(member.material, member.subject).outcome
        if outcome == FOUND:
            return "satisfied", member.material
        certain = certain and outcome == NOT_FOUND
    if not certain:
        return "open", ""
    own_way = any(member.how != EXCHANGE for member in members)
    return ("applicant" if own_way else "missing"), ""


def _to_ask(
    members: Sequence[PlannedMember], evidence: Evidence
) -> Iterator[PlannedMember]:
    certain = True
    for member in members:
        if member.how != EXCHANGE:
            continue
        if member.fallback and not certain:
            return
        yield member
        outcome = evidence.known(member.material, member.subject).outcome
        certain = certain and outcome == NOT_FOUND
