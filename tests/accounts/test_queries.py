"""Who is on duty, and in which role a person acts."""

from datetime import UTC, datetime

import pytest

from services.accounts.models import Membership, User
from services.accounts.operations.seed_staff import seed_staff
from services.accounts.queries import (
    Standing,
    actor_of,
    duty_officer,
    duty_officers,
    holds,
    standings,
)

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


@pytest.fixture
def staff(offices):
    seed_staff(seed=7, now=NOON)


@pytest.mark.usefixtures("staff")
class TestDutyOfficers:
    def test_finds_all_posts_in_one_query(self, django_assert_num_queries):
        posts = [("oak-330106", "reviewer"), ("elm", "inspector"), ("", "head_clerk")]

        with django_assert_num_queries(1):
            found = duty_officers(posts)

        assert {post: user.username for post, user in found.items()} == {
            ("oak-330106", "reviewer"): "reviewer-oak-330106",
            ("elm", "inspector"): "inspector-elm",
            ("", "head_clerk"): "head-1",
        }

    def test_the_municipal_office_covers_a_district_without_an_officer(self):
        User.objects.filter(username="reviewer-oak-330106").update(is_active=False)

        officer = duty_officer("oak-330106", "reviewer")

        assert officer is not None
        assert officer.username == "reviewer-oak"

    def test_a_post_that_nobody_covers_is_left_out(self):
        assert duty_officers([("nowhere", "reviewer")]) == {}

    def test_a_department_never_covers_for_another(self):
        Membership.objects.filter(office="elm").delete()

        assert duty_officer("elm", "reviewer") is None


@pytest.mark.usefixtures("staff")
class TestStandings:
    def test_a_reviewer_stands_in_the_own_office(self):
        user = User.objects.get(username="reviewer-elm")

        assert standings(user) == [Standing("reviewer", "elm", "elm city")]

    def test_a_role_taken_away_is_no_longer_held(self):
        user = User.objects.get(username="reviewer-elm")
        standing = Standing("reviewer", "elm")
        assert holds(user, standing)

        Membership.objects.filter(user=user).delete()

        assert not holds(user, standing)


def test_an_actor_carries_name_role_and_office():
    user = User(username="reviewer-elm", display_name="张三")

    actor = actor_of(user, role="reviewer", office="elm")

    assert (actor.kind, actor.id, actor.role) == ("human", "reviewer-elm", "reviewer")
    assert (actor.name, actor.office, actor.entity) == ("张三", "elm", "")
