"""Filing: one number, one case, every problem at once."""

from __future__ import annotations

import pytest

from services.cases.applying import Given, applicant_of, file_filled
from services.cases.models import Case, CaseNumber
from services.cases.operations import filing
from services.cases.operations.draft import open_draft
from services.cases.operations.file import file_case
from services.cases.operations.filing import Filing, FilingKeyReused, FilingStopped
from services.cases.transitions import NotYourOffice
from services.catalogue.queries import current_version
from services.common.actors import Actor
from services.common.errors import InvalidInput
from services.exchange.models import Exchange
from services.ledger.queries import entries_of_case
from services.registry.queries import EntityRevoked
from tests.clock import NOON
from tests.factories.cases import again, draft_for, filed, hold_for
from tests.factories.registry import EntityFactory

FOOD = "HZ-004"
ON_COMMITMENT = Given(answers={"commitment": ["yes"]})


class TestFileCase:
    def test_approves_an_instant_case_with_everything_verified(self, company):
        hold_for(company, FOOD)

        case = filed(company, FOOD, given=ON_COMMITMENT)

        assert case.state == Case.State.DELIVERED
        assert case.certificate.material_code == "M004"
        assert case.number == "330100-20261123-000001"

    def test_asks_for_own_papers_only(self, company):
        hold_for(company, FOOD)

        case = filed(company, FOOD, given=ON_COMMITMENT)

        assert set(case.uploads.values_list("material_code", flat=True)) == {"M101"}

    def test_gives_the_same_case_for_the_same_filing(self, company):
        hold_for(company, FOOD)
        first = filed(company, FOOD, answered=True)

        second = filed(company, FOOD, answered=True)

        assert second.pk == first.pk
        assert Case.objects.filter(number__isnull=False).count() == 1

    def test_gives_the_same_case_for_the_same_key(self, company):
        hold_for(company, FOOD)
        given = Given(key="k-1")
        first = filed(company, FOOD, given=given)

        second = filed(company, FOOD, given=given)

        assert second.pk == first.pk

    def test_shows_no_filed_case_to_another_company(self, company, other_company):
        hold_for(company, FOOD)
        case = filed(company, FOOD)

        with pytest.raises(NotYourOffice):
            file_case(
                case=case,
                filing=Filing(),
                actor=applicant_of(other_company),
                now=NOON,
            )

    def test_gives_one_case_to_two_people_who_file_the_same_at_once(
        self, company, monkeypatch
    ):
        hold_for(company, FOOD)
        first = filed(company, FOOD)
        looks = iter([None])  # the other one's filing is not there yet at first look
        real = filing.filed_before
        monkeypatch.setattr(
            "services.cases.operations.file.filed_before",
            lambda *args: next(looks, ...) and real(*args),
        )

        second = filed(company, FOOD)

        assert second.pk == first.pk
        assert Case.objects.filter(number__isnull=False).count() == 1

    def test_refuses_a_key_that_was_used_for_other_content(self, company):
        hold_for(company, FOOD)
        filed(company, FOOD, given=Given(key="k-1"))
        other = Given(key="k-1", fields={"seats": "77"})

        with pytest.raises(FilingKeyReused):
            filed(company, FOOD, given=other)

    def test_changes_nothing_when_a_filed_draft_is_filed_again(self, company):
        hold_for(company, FOOD)
        draft = draft_for(company, FOOD)
        actor = applicant_of(company)
        filing = Filing()
        first = file_case(case=draft, filing=filing, actor=actor, now=NOON)
        entries = len(entries_of_case(first.reference))

        file_case(case=again(draft), filing=filing, actor=actor, now=NOON)

        assert len(entries_of_case(first.reference)) == entries
        assert CaseNumber.objects.count() == 1

    def test_lists_every_problem_together_and_keeps_the_draft(self, company):
        draft = draft_for(company, FOOD)
        filing = Filing(
            answers={"premises": ["castle"], "nothing": ["x"]},
            fields={"seats": "many", "kitchen_area": "-3"},
            commitments=("M101",),
        )

        with pytest.raises(InvalidInput) as caught:
            file_case(case=draft, filing=filing, actor=applicant_of(company), now=NOON)

        pointers = {problem.pointer for problem in caught.value.problems}
        assert pointers == {
            "/answers/premises",
            "/answers/nothing",
            "/fields/seats",
            "/fields/kitchen_area",
            "/commitments/M101",
        }
        assert again(draft).state == Case.State.DRAFT
        assert not CaseNumber.objects.exists()

    def test_tells_before_filing_that_another_item_is_right(self, company):
        draft = draft_for(company, FOOD)
        filing = Filing(answers={"small": ["yes"]})

        with pytest.raises(FilingStopped) as caught:
            file_case(case=draft, filing=filing, actor=applicant_of(company), now=NOON)

        assert caught.value.stop.kind == "refer_item"
        assert again(draft).state == Case.State.DRAFT

    def test_lets_an_applicant_insist_and_hands_it_to_a_person(self, company):
        hold_for(company, FOOD)
        draft = draft_for(company, FOOD)
        filing = Filing(answers={"small": ["yes"]}, insist=True)

        case = file_case(
            case=draft, filing=filing, actor=applicant_of(company), now=NOON
        )

        assert case.state == Case.State.RECEIVED
        task = case.tasks.get(closed_at__isnull=True)
        assert task.kind == "accept"
        assert task.assignee_name

    def test_goes_on_while_no_department_answers(self, company):
        hold_for(company, FOOD)

        case = draft_for(company, FOOD, given=ON_COMMITMENT, answered=False)
        case = file_filled(
            case=case, given=ON_COMMITMENT, actor=applicant_of(company), now=NOON
        )

        assert case.state == Case.State.IN_REVIEW
        assert Exchange.objects.filter(case=case.reference, state="waiting").exists()


class TestOpenDraft:
    def test_refuses_a_revoked_company(self, staffed):
        entity = EntityFactory(revoked=True)

        with pytest.raises(EntityRevoked):
            open_draft(
                entity=entity,
                item_version=current_version(FOOD),
                actor=applicant_of(entity),
                now=NOON,
            )

    def test_returns_the_draft_in_hand(self, company):
        version = current_version(FOOD)
        actor: Actor = applicant_of(company)
        first = open_draft(entity=company, item_version=version, actor=actor, now=NOON)

        second = open_draft(entity=company, item_version=version, actor=actor, now=NOON)

        assert second.pk == first.pk

    def test_begins_anew_once_the_draft_has_expired(self, company):
        version, actor = current_version(FOOD), applicant_of(company)
        first = open_draft(entity=company, item_version=version, actor=actor, now=NOON)

        second = open_draft(
            entity=company, item_version=version, actor=actor, now=first.expires_at
        )

        assert second.reference != first.reference
        assert list(Case.objects.all()) == [second]

    def test_leaves_a_case_alone_that_was_filed_from_an_expired_draft(
        self, company, monkeypatch
    ):
        draft = draft_for(company, FOOD)
        actor = applicant_of(company)
        stale = again(draft)
        file_case(case=draft, filing=Filing(), actor=actor, now=NOON)
        monkeypatch.setattr(
            "services.cases.operations.draft.draft_in_hand", lambda *_: stale
        )

        open_draft(
            entity=company,
            item_version=stale.item_version,
            actor=actor,
            now=stale.expires_at,
        )

        assert again(draft).state != Case.State.DRAFT

    def test_asks_departments_before_anything_is_filed(self, company):
        draft = open_draft(
            entity=company,
            item_version=current_version(FOOD),
            actor=applicant_of(company),
            now=NOON,
        )

        asked = set(
            Exchange.objects.filter(case=draft.reference).values_list(
                "material", flat=True
            )
        )
        assert {"M001", "M015", "M091"} <= asked
        types = [line.type for line in entries_of_case(draft.reference)]
        assert types[0] == "draft.authorised"
        assert "exchange.intended" in types
