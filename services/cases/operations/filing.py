"""What an applicant files, and whether it has been filed before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db import connection

from services.cases.models import Case
from services.cases.planning.plan import Stop
from services.cases.transitions import ENDED
from services.common.errors import DomainError, Problem
from services.common.statements import fetch

KEYED_SQL = (
    "SELECT id, filing_digest FROM cases_case"
    " WHERE entity_id = %s AND filing_key = %s AND id <> %s"
)
SAME_SQL = (
    "SELECT id, state FROM cases_case WHERE entity_id = %s AND filing_digest = %s"
    " ORDER BY id"
)


class FilingStopped(DomainError):
    """An answer ends the application: not needed, other authority, other item…"""

    code = "filing_stopped"

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.reason)
        self.stop = stop


class FilingKeyReused(DomainError):
    """The same idempotency key came with another content."""

    code = "filing_key_reused"


@dataclass(frozen=True, slots=True)
class Filing:
    """One filing as it came in: answers, fields, and what replaces papers."""

    answers: Mapping[str, list[str]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    commitments: tuple[str, ...] = ()  # material codes committed to (告知承诺)
    deferred: tuple[str, ...] = ()  # material codes to follow (容缺后补)
    key: str = ""  # idempotency key
    insist: bool = False  # file although the answers end the application
    refused: tuple[Problem, ...] = ()  # papers that came with it and were not taken in


def filing_digest(
    case: Case, filing: Filing, uploads: Collection[tuple[str, str]]
) -> str:
    """
    Return a digest of all that makes two filings the same.

    :param uploads: material and SHA-256 of each paper.
    """
    content = {
        "entity": case.entity.uscc,
        "item": case.item_version.item_id,
        "answers": {**case.stated_answers, **filing.answers},
        "fields": {**case.stated_fields, **filing.fields},
        "commitments": sorted(filing.commitments),
        "deferred": sorted(filing.deferred),
        "uploads": sorted(uploads),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def filed_before(case: Case, filing: Filing, digest: str) -> Case | None:
    """
    Return the case that this filing already made, if any.

    With a key, the case of that key; else an open case of the same content.

    :raises FilingKeyReused: if the key was used for another content.
    """
    if filing.refused:
        return None
    if filing.key:
        keyed = fetch(connection, KEYED_SQL, [case.entity_id, filing.key, case.pk])
        for pk, known in keyed:
            if known != digest:
                raise FilingKeyReused(filing.key)
            return Case.objects.get(pk=pk)
    for pk, state in fetch(connection, SAME_SQL, [case.entity_id, digest]):
        if pk != case.pk and state not in ENDED:
            return Case.objects.get(pk=pk)
    return None
