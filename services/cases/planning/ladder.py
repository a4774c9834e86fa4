"""The missing-evidence ladder (domain.md §4); none of its rungs is an upload. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from services.cases.planning.evidence import NOT_FOUND, Evidence
from services.cases.planning.index import EXCHANGE
from services.cases.planning.plan import PlannedMember, Rung
from services.catalogue.definition import Definition, MaterialLink

SATISFIED = "satisfied"
MISSING = "missing"


def climb(
    definition: Definition,
    members: Sequence[PlannedMember],
    evidence: Evidence,
    committable: Iterable[MaterialLink],
    status: str,
) -> tuple[Rung, ...]:
    """
    Return the steps that are left when a department is sure to hold nothing.

    Other evidence first, then the department's officer, the applicant's objection, a
    commitment, and at last the item that yields what is missing or, where none does,
    the office that issues it.
    """
    asked = [member for member in members if member.how == EXCHANGE]
    gone = [
        member
        for member in asked
        if evidence.known(member.material, member.subject).outcome == NOT_FOUND
    ]
    if status == SATISFIED or not gone:
        return ()
    rungs = [Rung("alternative", m.material) for m in asked if m is not gone[0]]
    rungs += [_at("assist", member) for member in gone]
    rungs += [_at("dispute", member) for member in gone]
    rungs += [Rung("commitment", link.material) for link in committable]
    if status == MISSING:
        rungs += [rung for m in gone for rung in _to_obtain(definition, m)]
    return tuple(dict.fromkeys(rungs))


def _to_obtain(definition: Definition, member: PlannedMember) -> list[Rung]:
    makers = definition.links[member.material].made_by
    items = [item for item in makers if item != definition.code]
    if items:
        return [Rung("apply_first", member.material, item) for item in items]
    return [_at("issuer", member)]


def _at(kind: str, member: PlannedMember) -> Rung:
    return Rung(kind, member.material, department=member.department)
