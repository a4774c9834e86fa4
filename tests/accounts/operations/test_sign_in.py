"""Signing in by licence: codes, tries, mandates, and what the log keeps."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from services.accounts.models import Mandate, SignInCode, User
from services.accounts.operations.seed_staff import seed_staff
from services.accounts.operations.sign_in import (
    NotADemo,
    SignInCodeExpired,
    SignInCodeWrong,
    TooManyCodes,
    confirm_sign_in,
    sign_in_demo_staff,
    start_sign_in,
)
from services.ledger.models import LogEntry
from services.registry.queries import EntityRevoked, LicenceNumberInvalid
from tests.clock import NOON
from tests.factories.registry import EntityFactory

LICENCE = "91330102FAKE000139"


@pytest.fixture
def company(db):
    return EntityFactory(uscc=LICENCE)


def events():
    signed = LogEntry.objects.filter(type__startswith="signin.").order_by("pk")
    return list(signed.values_list("type", flat=True))


class TestStartSignIn:
    def test_keeps_the_code_only_as_a_hash(self, company):
        started = start_sign_in(licence=LICENCE, now=NOON)

        kept = SignInCode.objects.get(handle=started.handle)
        assert len(started.code) == 6
        assert started.code not in kept.code_hash
        assert events() == ["signin.requested"]

    def test_folds_what_was_typed(self, company):
        assert start_sign_in(licence=f" {LICENCE.lower()} ", now=NOON).entity == LICENCE

    def test_refuses_a_wrong_number_and_a_revoked_company(self, company):
        with pytest.raises(LicenceNumberInvalid):
            start_sign_in(licence=LICENCE[:-1] + "0", now=NOON)
        company.status = company.Status.REVOKED
        company.save()
        with pytest.raises(EntityRevoked):
            start_sign_in(licence=LICENCE, now=NOON)

        assert not SignInCode.objects.exists()

    def test_sends_a_company_five_codes_in_ten_minutes(self, company):
        for _ in range(5):
            start_sign_in(licence=LICENCE, now=NOON)

        with pytest.raises(TooManyCodes):
            start_sign_in(licence=LICENCE, now=NOON)

        assert start_sign_in(licence=LICENCE, now=NOON + timedelta(minutes=11))


class TestConfirmSignIn:
    def test_gives_the_person_a_mandate_once(self, company):
        for _ in range(2):
            started = start_sign_in(licence=LICENCE, now=NOON)
            user, standing = confirm_sign_in(
                handle=started.handle, code=started.code, now=NOON
            )

        assert standing.entity == LICENCE
        assert user.display_name == company.legal_representative
        assert Mandate.objects.get(user=user).entity == company
        assert events()[-1] == "signin.succeeded"

    def test_a_wrong_code_is_counted_even_if_the_request_fails(self, company):
        started = start_sign_in(licence=LICENCE, now=NOON)

        with pytest.raises(SignInCodeWrong) as wrong:
            confirm_sign_in(handle=started.handle, code="wrong", now=NOON)

        assert wrong.value.tries_left == 4
        assert events()[-1] == "signin.failed"

    def test_the_right_code_comes_too_late_after_five_wrong_ones(self, company):
        started = start_sign_in(licence=LICENCE, now=NOON)
        for _ in range(5):
            with pytest.raises(SignInCodeWrong):
                confirm_sign_in(handle=started.handle, code="wrong", now=NOON)

        with pytest.raises(SignInCodeExpired):
            confirm_sign_in(handle=started.handle, code=started.code, now=NOON)

        assert not User.objects.exists()

    def test_a_code_lives_ten_minutes(self, company):
        started = start_sign_in(licence=LICENCE, now=NOON)
        late = NOON + timedelta(minutes=10)

        with pytest.raises(SignInCodeExpired):
            confirm_sign_in(handle=started.handle, code=started.code, now=late)

    def test_a_code_opens_once(self, company):
        started = start_sign_in(licence=LICENCE, now=NOON)
        confirm_sign_in(handle=started.handle, code=started.code, now=NOON)

        with pytest.raises(SignInCodeExpired):
            confirm_sign_in(handle=started.handle, code=started.code, now=NOON)

    def test_one_companys_code_is_no_good_for_anothers(self, company):
        EntityFactory(uscc="91330106FAKE00021X")
        mine = start_sign_in(licence=LICENCE, now=NOON)
        other = start_sign_in(licence="91330106FAKE00021X", now=NOON)
        code = mine.code if mine.code != other.code else "wrong"

        with pytest.raises(SignInCodeWrong):
            confirm_sign_in(handle=other.handle, code=code, now=NOON)


@pytest.mark.usefixtures("offices")
class TestSignInDemoStaff:
    @pytest.fixture(autouse=True)
    def _staff(self, offices):
        seed_staff(seed=1, now=NOON)

    def test_gives_the_seat_and_logs_that_it_was_the_demo(self, settings):
        settings.DEMO = True

        user, standing = sign_in_demo_staff(username="reviewer-elm", now=NOON)

        assert (user.username, standing.role) == ("reviewer-elm", "reviewer")
        assert standing.office == "elm"
        assert events() == ["signin.succeeded"]

    def test_is_refused_outside_a_demo(self, settings):
        settings.DEMO = False

        with pytest.raises(NotADemo), transaction.atomic():
            sign_in_demo_staff(username="reviewer-elm", now=NOON)

        assert events() == []
