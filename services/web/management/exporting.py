"""What both commands that write the log to files note in it: who, and what."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils import timezone

from services.accounts.models import Role, User
from services.common.actors import SYSTEM, Actor
from services.ledger.operations.look import look_at_log


def add_exporter(parser: ArgumentParser) -> None:
    """Let a person be named who exports."""
    parser.add_argument("--by", metavar="USER", help="who exports (default: system)")


def note_export(
    *, by: str | None, at: Mapping[str, str | int], subject: str = ""
) -> None:
    """
    Record an export before its first byte is written.

    :raises CommandError: if nobody has that name, or the log cannot be written.
    """
    exporter = _exporter(by)
    try:
        look_at_log(
            actor=exporter,
            now=timezone.now(),
            at=at,
            subject=subject,
            event="log.exported",
        )
    except DatabaseError as problem:
        raise CommandError(
            f"the export cannot be noted in the log: {problem}"
        ) from None


def _exporter(username: str | None) -> Actor:
    if not username:
        return SYSTEM
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"--by: there is no user {username!r}")
    return Actor("human", user.username, Role.OPERATOR, str(user))
