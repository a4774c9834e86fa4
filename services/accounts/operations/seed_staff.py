"""Give every office and the hall the people whose names stand on tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction
from faker import Faker

from services.accounts.models import Membership, Role, User
from services.catalogue.models import Office
from services.ledger.entry import Entry
from services.ledger.operations.record import record_many


class _Post(NamedTuple):
    username: str
    role: str
    office: str  # "" = the whole hall
    title: str


OFFICE_POSTS = (
    ("reviewer", Role.REVIEWER),
    ("inspector", Role.INSPECTOR),
    ("issuer", Role.ISSUING_CLERK),
)
HALL_POSTS = (
    ("window-1", Role.WINDOW_CLERK),
    ("window-2", Role.WINDOW_CLERK),
    ("window-3", Role.WINDOW_CLERK),
    ("head-1", Role.HEAD_CLERK),
    ("auditor", Role.AUDITOR),
    ("planner", Role.PLANNER),
    ("operator", Role.OPERATOR),
)


def seed_staff(*, seed: int, now: datetime) -> int:
    """
    Make the missing people of every office and of the hall; return how many.

    Same seed, same names. Nobody gets a password: in the demo a role is taken with
    one click, elsewhere the account keeper sets one.
    """
    with transaction.atomic():
        known = set(User.objects.values_list("username", flat=True))
        posts = [post for post in _posts() if post.username not in known]
        names = _Names(seed)
        people = [
            User(
                username=post.username,
                display_name=name,
                title=post.title,
                is_staff=True,
                password=make_password(None),
                date_joined=now,
            )
            for post, name in ((post, names(post.username)) for post in posts)
        ]
        User.objects.bulk_create(people, batch_size=500)
        by_name = User.objects.in_bulk(
            [post.username for post in posts], field_name="username"
        )
        Membership.objects.bulk_create(
            [
                Membership(
                    user=by_name[post.username],
                    role=post.role,
                    office_id=post.office or None,
                )
                for post in posts
            ],
            batch_size=500,
        )
        record_many([*_entries(posts)], at=now)
    return len(posts)


def _entries(posts: Iterable[_Post]) -> Iterator[Entry]:
    """Yield what the log says of each: an account, and the role that it was given."""
    for post in posts:
        account = f"account:{post.username}"
        yield Entry(type="account.created", office=post.office, subject=account)
        yield Entry(
            type="account.granted",
            office=post.office,
            subject=account,
            code=post.role,
        )


def _posts() -> Iterator[_Post]:
    for prefix, hall_role in HALL_POSTS:
        yield _Post(prefix, hall_role, "", str(hall_role.label))
    for code in Office.objects.order_by("code").values_list("code", flat=True):
        for prefix, role in OFFICE_POSTS:
            yield _Post(f"{prefix}-{code}", role, code, str(role.label))


class _Names:
    """A name that depends on the seed and the post only, not on who came before."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._faker = Faker("zh_CN")

    def __call__(self, username: str) -> str:
        self._faker.seed_instance(f"{self._seed}:{username}")
        return str(self._faker.name())
