"""Saved questions of the log: each finds what it is about, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.common.actors import Actor
from services.ledger import questions
from services.ledger.entry import Entry
from services.ledger.models import LogEntry, Pseudonym
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.questions import Span
from services.ledger.signing import log_signer
from services.ledger.witness import log_witness
from tests.clock import NOON, SHANGHAI
from tests.ledger.writing import LICENCE, REVIEWER, moved, write

pytestmark = pytest.mark.django_db

MONTH = Span(NOON - timedelta(days=30), NOON + timedelta(hours=12))
APPLICANT = Actor("human", f"app-{LICENCE}", "applicant", "张三")
OTHER = Actor("human", "reviewer-wsjk", "reviewer", "李四")
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def codes(found: Iterable[LogEntry]) -> list[str]:
    return [row.code for row in found]


def look(code: str = "", *, actor: Actor = REVIEWER, **members) -> Entry:
    return Entry(type="evidence.viewed", code=code, actor=actor, case="D1", **members)


def exchange(event: str, name: str, *, case: str = "D1", **members) -> Entry:
    return Entry(type=f"exchange.{event}", exchange=name, case=case, **members)


class TestEntries:
    def test_are_of_these_types_and_this_time(self) -> None:
        write(look("early"), at=MONTH.since - SECOND)
        write(look("first"), at=MONTH.since)
        write(look("last"), moved(code="other"), at=MONTH.until - SECOND)
        write(look("late"), at=MONTH.until)

        found = questions.entries(MONTH, "evidence.viewed", "upload.viewed")

        assert codes(found) == ["last", "first"]


class TestIntentsWithoutOutcome:
    def found(self) -> list[str]:
        rows = questions.intents_without_outcome(MONTH, now=NOON + 2 * HOUR)
        return [row.exchange for row in rows]

    @pytest.mark.parametrize("event", ["answered", "presumed", "refused"])
    def test_leave_out_what_something_was_said_about(self, event) -> None:
        write(exchange("intended", "e1"), exchange("intended", "e2"))
        write(exchange(event, "e1"))

        assert self.found() == ["e2"]

    def test_count_no_answer_that_was_quarantined(self) -> None:
        write(exchange("intended", "e1"), exchange("quarantined", "e1"))

        assert self.found() == ["e1"]

    def test_have_patience_for_an_hour(self) -> None:
        write(exchange("intended", "e1"), at=NOON + HOUR + SECOND)

        assert self.found() == []


class TestReadsOutOfHours:
    @pytest.mark.parametrize(
        ("hour", "minute", "day", "found"),
        [
            (8, 29, 23, True),
            (8, 30, 23, False),
            (17, 29, 23, False),
            (17, 30, 23, True),
            (3, 0, 23, True),
            (12, 0, 22, True),  # a Sunday
        ],
    )
    def test_are_those_of_closed_offices(self, hour, minute, day, found) -> None:
        write(look(), at=datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI))

        rows = questions.reads_out_of_hours(MONTH, working_days=[NOON.date()])

        assert rows.exists() is found

    def test_are_not_those_of_applicants_and_machines(self) -> None:
        machine = Actor("system", "worker", "system", "系统")
        write(look("a", actor=APPLICANT), look("b", actor=machine), moved(code="c"))
        write(look("d"), Entry(type="log.viewed", actor=OTHER, code="e"))

        rows = questions.reads_out_of_hours(MONTH, working_days=[])

        assert sorted(codes(rows)) == ["d", "e"]


class TestMostRead:
    def test_counts_looks_and_people(self) -> None:
        ours = {"subject": f"entity:{LICENCE}"}
        write(look(**ours), look(**ours), look(actor=OTHER, **ours))
        write(look(actor=APPLICANT, **ours), look(subject="entity:other"), look())

        first, second = questions.most_read(MONTH, limit=5)

        assert first == (f"entity:{LICENCE}", 3, 2, NOON)
        assert second.subject == "entity:other"
        assert len(questions.most_read(MONTH, limit=1)) == 1

    def test_names_nobody_whose_salt_is_gone(self) -> None:
        (row,) = write(look(subject=f"entity:{LICENCE}"))
        Pseudonym.objects.all().delete()

        (found,) = questions.most_read(MONTH, limit=5)

        assert found.subject == row.subject


class TestRefusals:
    def test_are_counted_by_department_and_code(self) -> None:
        refused = {"outcome": "REFUSED", "code": "NOT_AUTHORISED"}
        write(*[exchange("refused", "e", office="gaj", **refused) for _ in range(2)])
        write(exchange("refused", "e", office="wsjk", **refused))
        write(exchange("answered", "e", office="gaj", outcome="FOUND"))

        assert questions.refusals(MONTH) == [
            ("gaj", "NOT_AUTHORISED", 2, NOON),
            ("wsjk", "NOT_AUTHORISED", 1, NOON),
        ]


class TestCheckpointGaps:
    def sign(self, at: datetime) -> None:
        sequence_pending(now=at)
        sign_newest(signer=log_signer(), witness=log_witness(), now=at)

    def gaps(self, now: datetime = NOON + HOUR) -> list[tuple]:
        found = questions.checkpoint_gaps(MONTH, now=now)
        return [(gap.entry_at, gap.signed_at, gap.size) for gap in found]

    def test_are_none_where_nothing_waited(self) -> None:
        for minute in (0, 30):
            at = NOON + timedelta(minutes=minute)
            write(moved(), at=at)
            self.sign(at + timedelta(seconds=60))

        assert self.gaps() == []

    def test_are_found_by_the_entry_that_waited(self) -> None:
        write(moved(), moved(), at=NOON)
        self.sign(NOON + SECOND)
        waited = NOON + 10 * SECOND
        write(moved(), at=waited)
        write(moved(), at=NOON + 70 * SECOND)
        signed = waited + timedelta(seconds=61)
        self.sign(signed)

        assert self.gaps() == [(waited, signed, 4)]

    def test_take_as_few_statements_however_many(self) -> None:
        statements = []
        for hour in range(3):
            write(moved(), at=NOON + hour * HOUR)
            self.sign(NOON + hour * HOUR + 120 * SECOND)
            with CaptureQueriesContext(connection) as asked:
                assert len(self.gaps(NOON + 3 * HOUR)) == hour + 1
            statements.append(len(asked))

        assert statements[0] == statements[2]

    def test_tell_what_is_waiting_now(self) -> None:
        write(moved(), at=NOON)

        assert self.gaps(NOON + 60 * SECOND) == []
        assert self.gaps(NOON + 61 * SECOND) == [(NOON, None, 0)]


class TestHastyDecisions:
    def decide(self, case: str, at: datetime, *, actor: Actor = REVIEWER) -> None:
        write(Entry(type="case.decided", case=case, actor=actor), at=at)

    def see(self, case: str, at: datetime, *, actor: Actor = REVIEWER) -> None:
        write(Entry(type="evidence.viewed", case=case, actor=actor), at=at)

    def hasty(self) -> list[tuple]:
        found = questions.hasty_decisions(MONTH)
        return [(one.case, one.since_look, one.since_last) for one in found]

    def test_are_not_those_that_took_their_time(self) -> None:
        self.see("D1", NOON)
        self.see("D2", NOON)
        self.decide("D1", NOON + 10 * SECOND)
        self.decide("D2", NOON + 20 * SECOND)

        assert self.hasty() == []

    def test_follow_too_soon_on_opening_the_case(self) -> None:
        self.see("D1", NOON)
        self.decide("D1", NOON + 9 * SECOND)

        assert self.hasty() == [("D1", 9 * SECOND, None)]

    def test_follow_too_soon_on_another_decision(self) -> None:
        for case in ("D1", "D2"):
            self.see(case, NOON)
        self.decide("D1", NOON + HOUR)
        self.decide("D2", NOON + HOUR + SECOND)

        assert self.hasty() == [("D2", HOUR + SECOND, SECOND)]

    def test_may_be_of_one_instant(self) -> None:
        for case in ("D1", "D2"):
            self.see(case, NOON)
            self.decide(case, NOON + HOUR)

        assert self.hasty() == [("D2", HOUR, timedelta(0))]

    def test_come_from_who_never_opened_the_case(self) -> None:
        self.see("D1", NOON, actor=OTHER)
        self.see("D2", NOON)
        self.decide("D1", NOON + HOUR)

        assert self.hasty() == [("D1", None, None)]

    def test_count_no_question_in_a_list_as_the_case_opened(self) -> None:
        listed = Entry(type="entity.viewed", case="D1", exchange="e1", actor=REVIEWER)
        write(listed, at=NOON)
        self.decide("D1", NOON + HOUR)

        assert self.hasty() == [("D1", None, None)]

    def test_are_those_of_people(self) -> None:
        machine = Actor("system", "worker", "system", "系统")
        self.decide("D1", NOON, actor=machine)

        assert self.hasty() == []

    def test_are_compared_with_ones_own(self) -> None:
        for case, actor in (("D1", REVIEWER), ("D2", OTHER)):
            self.see(case, NOON, actor=actor)
            self.decide(case, NOON + HOUR, actor=actor)

        assert self.hasty() == []
