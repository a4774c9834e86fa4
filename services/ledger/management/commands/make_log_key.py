"""Make the key that signs the log."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from services.ledger.keys import make_key
from services.ledger.note import VerifierKey
from services.ledger.operations.note_key import note_new_key
from services.ledger.signing import log_signer


class Command(BaseCommand):
    """Write the log's private key, unless there is one; print its verifier key."""

    help = "Make the log's key unless it has one, and print its verifier key."

    def handle(self, *_args: object, **_options: object) -> None:
        new = make_key(settings.LOG_KEY)
        key = log_signer().key
        if new:
            self._note(key)
        self.stdout.write(str(key))

    def _note(self, key: VerifierKey) -> None:
        """Record the key; its machine may have no database yet, or may not write."""
        try:
            note_new_key(key=key, now=timezone.now())
        except DatabaseError as problem:
            self.stderr.write(f"the key is made, but not noted in the log: {problem}")
