"""Whatever an honest log goes through, the check finds nothing in it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ledger.check import check_log
from services.ledger.operations.forget import (
    NotInLog,
    forget_expired,
    forget_subjects,
)
from services.ledger.operations.sequence import sequence_pending
from services.ledger.retention import YEAR
from tests.clock import NOON
from tests.ledger.writing import REVIEWER, moved, place_and_sign, write

SUBJECTS = ("entity:a", "entity:b", "person:李")
# --hypothesis-profile=long is for 10^5 runs here, an hour's work; else a few.
RUNS = 100_000 if settings().max_examples > 1_000 else 25

texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
details = st.dictionaries(
    texts, texts | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1), max_size=3
)
entries = st.builds(
    moved,
    case=st.sampled_from(["", "D1", "D2"]),
    subject=st.sampled_from(["", *SUBJECTS]),
    actor=st.just(REVIEWER),
    purpose=texts,
    basis=texts,
    code=texts,
    outcome=st.sampled_from(["", "FOUND"]),
    details=details,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("write"), st.lists(entries, min_size=1, max_size=5)),
        st.tuples(st.just("lose"), st.lists(entries, min_size=1, max_size=2)),
        st.tuples(st.just("place"), st.integers(1, 4)),
        st.tuples(st.just("sign"), st.none()),
        st.tuples(st.just("forget"), st.sampled_from(SUBJECTS)),
        st.tuples(st.just("expire"), st.none()),
    ),
    max_size=12,
)


@pytest.mark.django_db
@given(steps)
@settings(
    max_examples=RUNS,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_nothing_honest_raises_an_alarm(settings, tmp_path_factory, happened) -> None:
    settings.WITNESS = tmp_path_factory.mktemp("witness")
    with transaction.atomic():
        for number, (step, what) in enumerate(happened):
            _do(step, what, NOON + timedelta(minutes=number))

        assert check_log().differences == ()
        transaction.set_rollback(True)


def _do(step: str, what, at) -> None:
    if step == "write":
        write(*what, at=at)
    elif step == "lose":  # a transaction that is rolled back leaves a gap in the ids
        with transaction.atomic():
            write(*what, at=at)
            transaction.set_rollback(True)
    elif step == "place":
        sequence_pending(now=at, limit=what)
    elif step == "sign":
        place_and_sign(at=at)
    elif step == "forget":
        with suppress(NotInLog):
            forget_subjects(names=[what], actor=REVIEWER, now=at)
    else:
        forget_expired(actor=REVIEWER, now=at + 20 * YEAR)
