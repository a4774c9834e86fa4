"""Draft, complete and file in one act; what is refused leaves nothing behind."""

from __future__ import annotations

import pytest

from services.cases.applying import Given, applicant_of
from services.cases.models import Case
from services.cases.operations.draft import open_draft
from services.cases.operations.filing import FilingStopped
from services.cases.operations.submit import Submission, submit_case
from services.catalogue.queries import current_version
from services.common.errors import InvalidInput
from services.exchange.models import Exchange
from tests.clock import NOON
from tests.factories.cases import draft_for, filed, hold_for

FOOD = "HZ-004"
DEMO = Submission(fill=True, answers={"commitment": ["yes"]})


def submit(entity, submission=DEMO):
    return submit_case(
        entity=entity,
        item_version=current_version(FOOD),
        submission=submission,
        actor=applicant_of(entity),
        now=NOON,
    )


class TestSubmitCase:
    def test_files_with_demo_values_and_demo_papers(self, company):
        case = submit(company)

        assert case.number
        assert case.channel == "api"
        assert {paper.demo_value for paper in case.uploads.all()} == {True}

    def test_leaves_the_draft_alone_that_somebody_is_filling_in(self, company):
        draft = draft_for(company, FOOD, given=Given(fields={"seats": "77"}))

        case = submit(company)

        draft.refresh_from_db()
        assert draft.state == Case.State.DRAFT
        assert case.pk != draft.pk
        assert case.stated_fields["seats"] != "77"

    def test_gives_the_open_case_that_the_pages_filed_with_the_same_content(
        self, company
    ):
        hold_for(company, FOOD)
        first = filed(company, FOOD, answered=False)

        answers, fields = first.stated_answers, first.stated_fields
        again = submit(company, Submission(answers=answers, fields=fields, fill=True))

        assert again.pk == first.pk
        assert Case.objects.count() == 1

    @pytest.mark.parametrize(
        ("answers", "refusal"),
        [({"nothing": ["x"]}, InvalidInput), ({"small": ["yes"]}, FilingStopped)],
    )
    def test_leaves_nothing_behind_when_refused(self, company, answers, refusal):
        with pytest.raises(refusal):
            submit(company, Submission(answers=answers, fill=True))

        assert not Case.objects.exists()
        assert not Exchange.objects.exclude(state="cancelled").exists()

    def test_goes_on_with_the_draft_of_a_run_that_was_killed(self, company):
        digest = DEMO.digest(FOOD)
        actor = applicant_of(company)
        left = open_draft(
            entity=company,
            item_version=current_version(FOOD),
            actor=actor,
            now=NOON,
            hand=f"{actor.id}/{digest}",
        )

        assert submit(company).pk == left.pk
