"""What departments have answered for cases, in the form that planning reads."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from services.cases.planning.plan import Known
from services.common.among import among, listed
from services.common.statements import fetch, instant
from services.common.subjects import Subject, parse_subject
from services.departments.gateways.contract import FOUND
from services.exchange.disagreement import Shown, disagreements

STANDING_SQL = """
SELECT e."case", e.material, e.subject, e.state, e.outcome, e.code, e.evidence_id,
       v.records, v.under_former_name, v.fresh_until
  FROM exchange_exchange AS e
  LEFT JOIN exchange_evidence AS v ON v.id = e.evidence_id
 WHERE e.state <> 'cancelled' AND e."case" {among}
"""


class Answered(NamedTuple):
    """One exchange's standing: what is known, and where the proof lies."""

    known: Known
    evidence: int | None
    state: str  # of the exchange: waiting, settled, assisted
    under_former_name: bool
    fresh_until: datetime | None  # where there is evidence

    def holds_good(self, now: datetime) -> bool:
        """Return whether a decision of this moment may rest on the evidence."""
        return (
            self.known.outcome == FOUND
            and self.fresh_until is not None
            and now < self.fresh_until
        )

    def is_stale(self, now: datetime) -> bool:
        """Return whether it was shown, but too long ago."""
        return self.known.outcome == FOUND and not self.holds_good(now)


Standing = dict[tuple[str, Subject], Answered]


def standing(references: Iterable[str]) -> dict[str, Standing]:
    """Return, per case reference, what is known of each material and subject."""
    found: dict[str, Standing] = defaultdict(dict)
    cases = list(references)
    if not cases:
        return found
    rows = fetch(
        connection,
        STANDING_SQL.format(among=among(connection)),
        [listed(connection, cases)],
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
        fresh_until,
    ) in rows:
        known = Known(outcome, code, tuple(map(_flat, json.loads(records or "[]"))))
        found[case][material, parse_subject(subject)] = Answered(
            known, evidence, state, bool(former), instant(fresh_until)
        )
    return found


def registers_differ(answers: Standing) -> bool:
    """Say whether two answers seem to contradict each other about one subject."""
    return bool(
        disagreements(
            Shown(material, subject, answered.known.records)
            for (material, subject), answered in answers.items()
            if answered.known.outcome == FOUND
        )
    )


def knowledge(answers: Standing) -> dict[tuple[str, Subject], Known]:
    """Return only what planning may look at."""
    return {key: answered.known for key, answered in answers.items()}


def _flat(record: dict[str, Any]) -> dict[str, str]:
    """Return a stored record as one mapping: its attributes, number and dates."""
    attributes = {str(k): str(v) for k, v in record.get("attributes", {}).items()}
    own = {k: str(v or "") for k, v in record.items() if k != "attributes"}
    return {**own, **attributes}
