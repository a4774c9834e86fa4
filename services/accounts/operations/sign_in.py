"""Prove that a person may act for a company: a code to the phone on the register."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from services.accounts.models import Mandate, Membership, SignInCode, User
from services.accounts.queries import APPLICANT, Standing
from services.common.actors import Actor
from services.common.errors import DomainError
from services.ledger.entry import Entry
from services.ledger.operations.record import record
from services.registry.models import Entity
from services.registry.queries import find_entity, refuse_unable

CODE_LIVES = timedelta(minutes=10)
MOST_TRIES = 5
MOST_CODES = 5  # sent to one company within the life of a code


class TooManyCodes(DomainError):
    code = "too_many_codes"


class SignInCodeWrong(DomainError):
    code = "sign_in_code_wrong"

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"{tries_left} tries left")
        self.tries_left = tries_left


class SignInCodeExpired(DomainError):
    code = "sign_in_code_expired"


class NotADemo(DomainError):
    code = "not_a_demo"


class SignInStarted(NamedTuple):
    """What the person needs to go on; `code` goes to the phone, not to the page."""

    handle: str
    code: str
    entity: str


def start_sign_in(*, licence: str, now: datetime) -> SignInStarted:
    """
    Send a code to the phone that the register holds for this licence (simulated).

    :raises LicenceNumberInvalid: naming the check that failed.
    :raises EntityUnknown: if no such company is registered here.
    :raises EntityRevoked: or deregistered, or moved away: it can no longer file.
    :raises TooManyCodes: after five codes within ten minutes.
    """
    entity = find_entity(licence)
    refuse_unable(entity)
    handle, code = secrets.token_urlsafe(16), f"{secrets.randbelow(10**6):06d}"
    with transaction.atomic():
        recent = SignInCode.objects.filter(entity=entity, sent_at__gt=now - CODE_LIVES)
        if recent.count() >= MOST_CODES:
            raise TooManyCodes
        SignInCode.objects.create(
            handle=handle,
            entity=entity,
            code_hash=_hash(handle, code),
            sent_at=now,
            expires_at=now + CODE_LIVES,
        )
        record(_entry("signin.requested", entity=entity), at=now)
    return SignInStarted(handle, code, entity.uscc)


def confirm_sign_in(*, handle: str, code: str, now: datetime) -> tuple[User, Standing]:
    """
    Check the code and return the person, who now holds a mandate for the company.

    :raises SignInCodeWrong: with the number of tries left.
    :raises SignInCodeExpired: after ten minutes, five tries, or when it was used.
    """
    live = SignInCode.objects.filter(
        handle=handle, used_at=None, expires_at__gt=now, tries__lt=MOST_TRIES
    )
    # The try is counted first and for good: two guesses at once are two tries.
    if not live.update(tries=F("tries") + 1):
        raise SignInCodeExpired
    sent = SignInCode.objects.select_related("entity").get(handle=handle)
    if not constant_time_compare(sent.code_hash, _hash(handle, code.strip())):
        with transaction.atomic():
            record(_entry("signin.failed", entity=sent.entity), at=now)
        raise SignInCodeWrong(MOST_TRIES - sent.tries)
    with transaction.atomic():
        if not SignInCode.objects.filter(handle=handle, used_at=None).update(
            used_at=now
        ):
            raise SignInCodeExpired
        user = _person_for(sent.entity, proved_by="phone_code", now=now)
        record(_entry("signin.succeeded", entity=sent.entity, user=user), at=now)
    return user, Standing(APPLICANT, entity=sent.entity.uscc)


def act_for(*, entity: Entity, proved_by: str, now: datetime) -> User:
    """Return the person who acts for a company that proved control elsewhere."""
    with transaction.atomic():
        user = _person_for(entity, proved_by=proved_by, now=now)
        record(
            _entry("signin.succeeded", entity=entity, user=user, code=proved_by), at=now
        )
    return user


def sign_in_demo_staff(*, username: str, now: datetime) -> tuple[User, Standing]:
    """
    Take a staff member's seat with one click, in the demo only.

    :raises NotADemo: outside the demo.
    :raises User.DoesNotExist: if there is no such member of staff.
    """
    if not settings.DEMO:
        raise NotADemo
    seat = (
        Membership.objects.select_related("user", "office")
        .filter(user__username=username, user__is_active=True)
        .order_by("pk")
        .first()
    )
    if seat is None:
        raise User.DoesNotExist(username)
    office = seat.office_id or ""
    standing = Standing(seat.role, office, seat.office.name if seat.office else "")
    with transaction.atomic():
        actor = Actor("human", username, seat.role, str(seat.user), office)
        record(
            Entry(type="signin.succeeded", office=office, actor=actor, code="demo"),
            at=now,
        )
    return seat.user, standing


def sign_out(*, actor: Actor, now: datetime) -> None:
    """Record that a person left the seat."""
    with transaction.atomic():
        record(Entry(type="signin.ended", office=actor.office, actor=actor), at=now)


def _person_for(entity: Entity, *, proved_by: str, now: datetime) -> User:
    user, _ = User.objects.get_or_create(
        username=f"app-{entity.uscc}",
        defaults={
            "display_name": entity.legal_representative,
            "password": make_password(None),
            "date_joined": now,
        },
    )
    Mandate.objects.get_or_create(
        user=user, entity=entity, defaults={"proved_by": proved_by, "proved_at": now}
    )
    return user


def _hash(handle: str, code: str) -> str:
    key = salted_hmac("accounts.sign_in", f"{handle}:{code}", algorithm="sha256")
    return key.hexdigest()


def _entry(
    event: str, *, entity: Entity, user: User | None = None, code: str = ""
) -> Entry:
    actor = Actor(
        kind="human",
        id=user.username if user else "anonymous",
        role=APPLICANT if user else "anonymous",
        name=str(user) if user else "",
        entity=entity.uscc,
    )
    return Entry(type=event, actor=actor, subject=f"entity:{entity.uscc}", code=code)
