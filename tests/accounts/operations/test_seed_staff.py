"""Staff for every office."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from services.accounts.models import Membership, Role, User
from services.accounts.operations.seed_staff import seed_staff
from services.catalogue.models import Office
from services.ledger.models import LogEntry
from services.ledger.queries import lines_of

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("offices")


def seats():
    return set(Membership.objects.values_list("user__username", "role", "office"))


def test_every_office_gets_a_reviewer_an_inspector_and_an_issuing_clerk():
    made = seed_staff(seed=7, now=NOON)

    assert made == 3 * Office.objects.count() + 7
    assert {
        ("reviewer-oak-330106", Role.REVIEWER, "oak-330106"),
        ("inspector-elm", Role.INSPECTOR, "elm"),
        ("issuer-oak", Role.ISSUING_CLERK, "oak"),
        ("window-2", Role.WINDOW_CLERK, None),
        ("auditor", Role.AUDITOR, None),
    } <= seats()


def test_accounts_and_what_they_were_granted_are_in_the_log():
    made = seed_staff(seed=7, now=NOON)

    rights = lines_of(LogEntry.objects.order_by("pk"))
    assert Counter(line.type for line in rights) == {
        "account.created": made,
        "account.granted": made,
    }
    granted = {
        (line.subject, line.code, line.office or None)
        for line in rights
        if line.type == "account.granted"
    }
    assert granted == {(f"account:{name}", *seat) for name, *seat in seats()}


def test_a_second_run_adds_nobody():
    seed_staff(seed=7, now=NOON)
    before, logged = seats(), LogEntry.objects.count()

    assert seed_staff(seed=7, now=NOON) == 0
    assert seats() == before
    assert LogEntry.objects.count() == logged


def test_names_follow_the_seed_and_the_post_alone():
    seed_staff(seed=7, now=NOON)
    names = dict(User.objects.values_list("username", "display_name"))
    User.objects.filter(username="inspector-elm").delete()

    seed_staff(seed=7, now=NOON)

    assert dict(User.objects.values_list("username", "display_name")) == names


def test_nobody_can_sign_in_with_a_password():
    seed_staff(seed=7, now=NOON)

    assert not any(user.has_usable_password() for user in User.objects.all())


def test_the_number_of_queries_does_not_grow_with_the_offices(
    django_assert_max_num_queries,
):
    with django_assert_max_num_queries(20):
        seed_staff(seed=7, now=NOON)
