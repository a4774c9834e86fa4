"""Forget what the log keeps beside its leaves: by age, or on a lawful request."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from services.accounts.models import User
from services.common.actors import SYSTEM, Actor
from services.ledger.names import names_of_company
from services.ledger.operations.forget import (
    LAW,
    NotInLog,
    forget_expired,
    forget_subjects,
)


class Command(BaseCommand):
    """Forget details and names; every proof still holds."""

    help = "Remove details and names beside the log's leaves; every proof still holds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument(
            "--expired",
            action="store_true",
            help="all that is older than its class is kept; run it once a day",
        )
        what.add_argument(
            "--company",
            metavar="USCC",
            help="a company, who acted for it, and what only its cases are about",
        )
        what.add_argument(
            "--subject",
            action="append",
            metavar="KIND:KEY",
            help="a subject as the log names it, e.g. person:330…; may be repeated",
        )
        parser.add_argument("--by", metavar="USER", help="who decided on the request")
        parser.add_argument("--basis", default=LAW, help=f"legal basis ({LAW})")

    def handle(
        self,
        *_args: object,
        expired: bool,
        company: str | None,
        subject: list[str] | None,
        by: str | None,
        basis: str,
        **_options: object,
    ) -> None:
        if expired:
            self._expire()
            return
        names = _known_names(company) if company else subject or []
        try:
            removed = forget_subjects(
                names=names, actor=_decided(by), basis=basis, now=timezone.now()
            )
        except NotInLog as error:
            raise CommandError(f"the log knows nobody called {error}") from None
        self.stdout.write(f"{len(names)} names and {removed} details are forgotten")

    def _expire(self) -> None:
        for name, removed in forget_expired(actor=SYSTEM, now=timezone.now()).items():
            self.stdout.write(f"{name:10} {removed:>9}")


def _known_names(company: str) -> list[str]:
    names = names_of_company(company)
    if not names:
        raise CommandError(f"the log knows no company with the licence {company}")
    return names


def _decided(username: str | None) -> Actor:
    """Return the person who decided; a request is never answered by nobody."""
    if not username:
        raise CommandError("--by is missing: name the user who decided on the request")
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"--by: there is no user {username!r}")
    return Actor("human", user.username, "data_protection", str(user))
