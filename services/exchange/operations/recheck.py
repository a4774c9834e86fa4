"""Have two registers recheck (校核) what they contradict each other in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from services.common.subjects import parse_subject
from services.departments.gateways.contract import FOUND
from services.exchange.disagreement import Shown, disagreements
from services.exchange.models import AssistRequest, Exchange
from services.exchange.operations.follow_up import request_officer
from services.ledger.operations.record import record_many

RECHECK = AssistRequest.Kind.RECHECK


def recheck_disagreements(*, cases: Collection[str], now: datetime) -> int:
    """
    Ask an officer of each department to look, once; return how many were asked.

    The answers stand meanwhile: which register is wrong is no matter of the applicant.
    """
    if not cases:
        return 0
    with transaction.atomic():
        rows = Exchange.objects.filter(case__in=cases, state="settled", outcome=FOUND)
        locked = rows.select_for_update(of=("self",)).select_related("evidence")
        by_case: dict[str, list[Exchange]] = defaultdict(list)
        for exchange in locked.order_by("pk"):
            by_case[exchange.case].append(exchange)
        entries = []
        for exchanges in by_case.values():
            for fact, differing in _differing(exchanges).items():
                entries += request_officer(
                    _new(differing), RECHECK, now=now, details={"differs": fact}
                )
        record_many(entries, at=now)
    return len(entries)


def _differing(exchanges: Sequence[Exchange]) -> dict[str, list[Exchange]]:
    """Return by fact one answer of each department that contradicts another."""
    former = {name for one in exchanges for name in one.former_names}
    first: dict[tuple[str, str], Exchange] = {}
    for one in exchanges:
        first.setdefault((one.department, one.subject), one)
    found: dict[str, list[Exchange]] = defaultdict(list)
    for each in disagreements(_shown(exchanges), former_names=former):
        for department in each.sources:
            one = first[department, str(each.subject)]
            if one not in found[each.fact]:
                found[each.fact].append(one)
    return found


def _shown(exchanges: Sequence[Exchange]) -> Iterator[Shown]:
    for exchange in exchanges:
        records = exchange.evidence.records if exchange.evidence else []
        flat = [
            {**each.get("attributes", {}), "holder_name": each.get("holder_name", "")}
            for each in records
        ]
        yield Shown(exchange.department, parse_subject(exchange.subject), flat)


def _new(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Leave out those that an officer was ever asked to recheck."""
    asked = AssistRequest.objects.filter(exchange__in=exchanges, kind=RECHECK)
    before = set(asked.values_list("exchange_id", flat=True))
    return [exchange for exchange in exchanges if exchange.pk not in before]
