"""What departments have answered for cases, in the form that planning reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from services.cases.planning.plan import Known
from services.common.subjects import Subject, parse_subject
from services.exchange.models import Exchange

COLUMNS = (
    "case",
    "material",
    "subject",
    "state",
    "outcome",
    "code",
    "evidence_id",
    "evidence__records",
    "evidence__under_former_name",
)


class Answered(NamedTuple):
    """One exchange's standing: what is known, and where the proof lies."""

    known: Known
    evidence: int | None
    state: str  # of the exchange: waiting, settled, assisted
    under_former_name: bool


Standing = dict[tuple[str, Subject], Answered]


def standing(references: Iterable[str]) -> dict[str, Standing]:
    """Return, per case reference, what is known of each material and subject."""
    found: dict[str, Standing] = defaultdict(dict)
    rows = (
        Exchange.objects.filter(case__in=list(references))
        .exclude(state=Exchange.State.CANCELLED)
        .values_list(*COLUMNS)
    )
    for (
        case,
        material,
        subject,
        state,
        outcome,
        code,
        evidence,
        records,
        former,
    ) in rows:
        known = Known(outcome, code, tuple(map(_flat, records or ())))
        found[case][material, parse_subject(subject)] = Answered(
            known, evidence, state, bool(former)
        )
    return found


def knowledge(answers: Standing) -> dict[tuple[str, Subject], Known]:
    """Return only what planning may look at."""
    return {key: answered.known for key, answered in answers.items()}


def _flat(record: dict[str, Any]) -> dict[str, str]:
    """Return a stored record as one mapping: its attributes, number and dates."""
    attributes = {str(k): str(v) for k, v in record.get("attributes", {}).items()}
    own = {k: str(v or "") for k, v in record.items() if k != "attributes"}
    return {**own, **attributes}
