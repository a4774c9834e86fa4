"""Questions about accesses: whose they are, and what happens when time runs out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.accounts.models import Membership, Role
from services.accounts.queries import actor_of
from services.cases.applying import applicant_of
from services.cases.models import AccessQuestion, Case
from services.cases.operations import answer_about_access as answering
from services.cases.operations.answer_about_access import (
    AlreadyAnswered,
    NotYourQuestion,
    answer_about_access,
)
from services.cases.operations.ask_about_access import ask_about_access
from services.cases.operations.look import look_at_case
from services.cases.operations.sweep import sweep
from services.cases.queries.footprint import AccessUnknown
from services.common.actors import Actor
from services.ledger.models import EntryDetails, LogEntry
from tests.clock import NOON
from tests.factories.cases import filed, hold_for, open_task, person_of

ITEM = "HZ-095"
DUE_PASSED = NOON + timedelta(days=8)


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    return filed(company, ITEM)


@pytest.fixture
def reviewer(case) -> Actor:
    return person_of(open_task(case, "decide"))


def fetched(case: Case) -> int:
    entries = LogEntry.objects.filter(type="exchange.answered", case=case.reference)
    return entries.earliest("pk").pk


def ask(case: Case, pk: int) -> AccessQuestion:
    return ask_about_access(
        entity=case.entity,
        entry=pk,
        text="为什么？",
        actor=applicant_of(case.entity),
        now=NOON,
    )


def head_of(office: str, case: Case) -> Actor:
    """Give the case's office a head clerk of its own."""
    post = Membership.objects.select_related("user").get(user__username="head-1")
    Membership.objects.filter(pk=post.pk).update(office=case.office)
    return actor_of(post.user, role=Role.HEAD_CLERK, office=office)


def answered(question: AccessQuestion, text: str) -> int:
    """Answer as somebody else does at the same moment."""
    return AccessQuestion.objects.filter(pk=question.pk).update(
        answer=text, answered_by="reviewer-2", answered_at=NOON
    )


def overdue() -> list[dict[str, object]]:
    """Return what was logged about questions, not cases, whose time has passed."""
    said = LogEntry.objects.filter(type="clock.overdue").values("pk")
    details = EntryDetails.objects.filter(entry_id__in=said, body__has_key="entry")
    return list(details.values_list("body", flat=True))


class TestWhose:
    def test_the_offices_head_comes_before_its_reviewer(self, case):
        head = head_of(case.office_id, case)

        assert ask(case, fetched(case)).assignee.username == head.id

    def test_where_nobody_is_on_duty_the_office_itself_is_named(self, case):
        Membership.objects.all().delete()

        question = ask(case, fetched(case))

        assert question.assignee is None
        assert question.assignee_name == case.office.name

    def test_a_colleague_of_the_office_may_answer(self, case, reviewer):
        question = ask(case, fetched(case))
        colleague = reviewer._replace(id="reviewer-2", name="李四")

        answer_about_access(
            question=question, text="办理需要", actor=colleague, now=NOON
        )

        question.refresh_from_db()
        assert (question.answer, question.answered_by_name) == ("办理需要", "李四")

    def test_nobody_answers_for_a_look_of_their_own(self, case, reviewer):
        look_at_case(case=case, actor=reviewer, now=NOON)
        look = LogEntry.objects.get(type="evidence.viewed")

        with pytest.raises(NotYourQuestion):
            answer_about_access(
                question=ask(case, look.pk), text="x", actor=reviewer, now=NOON
            )

    def test_an_entry_that_is_no_access_cannot_be_asked_about(self, case):
        filed_entry = LogEntry.objects.get(type="case.filed")

        with pytest.raises(AccessUnknown):
            ask(case, filed_entry.pk)

    def test_of_two_answers_the_first_stands(self, case, reviewer):
        question = ask(case, fetched(case))
        same = AccessQuestion.objects.get()
        answer_about_access(question=question, text="a", actor=reviewer, now=NOON)

        with pytest.raises(NotYourQuestion):
            answer_about_access(question=same, text="b", actor=reviewer, now=NOON)
        with pytest.raises(AlreadyAnswered):
            answer_about_access(
                question=AccessQuestion.objects.get(),
                text="b",
                actor=reviewer,
                now=NOON,
            )
        assert AccessQuestion.objects.get().answer == "a"

    def test_of_two_answers_at_once_one_stands(self, case, reviewer, monkeypatch):
        question = ask(case, fetched(case))
        monkeypatch.setattr(answering, "looked", lambda *_: answered(question, "a") > 1)

        with pytest.raises(AlreadyAnswered):
            answer_about_access(question=question, text="b", actor=reviewer, now=NOON)

        assert AccessQuestion.objects.get().answer == "a"
        assert not LogEntry.objects.filter(type="access.answered").exists()


class TestTime:
    def test_an_answer_at_the_last_moment_is_in_time(self, case, monkeypatch):
        question = ask(case, fetched(case))
        monkeypatch.setattr(
            answering, "officer_for", lambda *_: answered(question, "a")
        )

        assert answering.supervise_questions(now=DUE_PASSED) == 0
        assert overdue() == []

    def test_a_late_answer_goes_to_the_head_clerk_once(self, case):
        question = ask(case, fetched(case))

        sweep(now=DUE_PASSED)
        sweep(now=DUE_PASSED + timedelta(hours=1))

        question.refresh_from_db()
        assert question.assignee.username == "head-1"
        assert question.supervised_at == DUE_PASSED
        assert overdue() == [{"entry": question.entry_id, "due": "2026-11-30"}]

    def test_the_last_day_is_not_late(self, case):
        question = ask(case, fetched(case))

        sweep(now=NOON + timedelta(days=7))

        question.refresh_from_db()
        assert question.supervised_at is None

    def test_what_was_answered_is_never_late(self, case, reviewer):
        question = ask(case, fetched(case))
        answer_about_access(question=question, text="a", actor=reviewer, now=NOON)

        sweep(now=DUE_PASSED)

        question.refresh_from_db()
        assert question.supervised_at is None
