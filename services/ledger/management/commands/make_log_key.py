"""Make the key that signs the log."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand

from services.ledger.keys import make_key
from services.ledger.signing import log_signer


class Command(BaseCommand):
    """Write the log's private key, unless there is one; print its verifier key."""

    help = "Make the log's key unless it has one, and print its verifier key."

    def handle(self, *_args: object, **_options: object) -> None:
        make_key(settings.LOG_KEY)
        self.stdout.write(str(log_signer().key))
