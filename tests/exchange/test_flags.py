"""What a clerk has to know about an answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.exchange.flags import FLAGS, flags_of
from services.exchange.models import Evidence, Exchange
from tests.clock import NOON

TODAY = NOON.date()


def shown(exchange=None, *records: dict[str, object], **evidence) -> Exchange:
    values = {"records": records or [{}], "fresh_until": NOON + timedelta(days=1)}
    return Exchange(
        outcome="FOUND",
        state="settled",
        answered_at=NOON,
        deadline_at=NOON + timedelta(hours=4),
        evidence=Evidence(**{**values, **evidence}),
        **(exchange or {}),
    )


def silent(outcome: str, code: str, **changes) -> Exchange:
    return Exchange(outcome=outcome, code=code, **changes)


@pytest.mark.parametrize(
    ("exchange", "flags"),
    [
        (shown(), ()),
        (shown(None, {}, {}), ("several",)),
        (shown(None, {"valid_until": str(TODAY)}), ("expires_soon",)),
        (shown(None, {"valid_until": str(TODAY + timedelta(days=31))}), ()),
        (shown(under_former_name=True), ("former_name",)),
        (shown({"reused": True}), ("reused",)),
        (shown(None, {"attributes": {"source": "officer"}}), ("by_officer",)),
        (shown(fresh_until=NOON), ("stale",)),
        (shown(snapshot_at=NOON), ("hub_copy",)),
        (shown(snapshot_at=NOON, fresh_until=NOON), ("stale_copy",)),
        (silent("NOT_FOUND", "NO_RECORD"), ("no_record",)),
        (silent("NOT_FOUND", "EXPIRED"), ("expired",)),
        (silent("NOT_FOUND", "REVOKED"), ("revoked",)),
        (silent("NOT_FOUND", "HOLDER_MISMATCH"), ("other_holder",)),
        (silent("UNAVAILABLE", "CONNECTION"), ("silent",)),
        (silent("UNAVAILABLE", "SERVER_ERROR", via="hub"), ("hub_silent",)),
        (silent("UNAVAILABLE", "TIMEOUT"), ("presumed",)),
        (silent("UNAVAILABLE", "TIMEOUT", via="hub"), ("hub_silent", "presumed")),
        (silent("UNAVAILABLE", "GARBLED"), ("unusable",)),
        (silent("UNAVAILABLE", "INCOMPLETE"), ("unusable",)),
        (silent("REFUSED", "NOT_AUTHORISED"), ("refused_us",)),
        (silent("DEFERRED", "ACCEPTED_FOR_LATER"), ("deferred",)),
        (Exchange(), ()),
    ],
)
def test_each_answer_has_its_flags(exchange, flags):
    assert flags_of(exchange, now=NOON) == flags


def test_an_answer_after_the_deadline_is_late():
    exchange = shown()
    exchange.answered_at = exchange.deadline_at + timedelta(seconds=1)

    assert flags_of(exchange, now=NOON) == ("late",)


@pytest.mark.parametrize(
    ("kind", "flag"),
    [("outage", "with_officer"), ("dispute", "disputed"), ("recheck", "rechecked")],
)
def test_who_is_looking_is_named(kind, flag):
    assert flags_of(Exchange(), now=NOON, looking=[kind]) == (flag,)


def test_every_flag_has_words():
    assert all(str(words) for words in FLAGS.values())
