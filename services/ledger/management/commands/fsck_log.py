"""Check the verification log against itself."""

from __future__ import annotations

import sys
import time

from django.core.management.base import BaseCommand

from services.ledger.check import check_log


class Command(BaseCommand):
    """Re-derive every hash from storage; exit 1 on any difference."""

    help = "Re-derive every hash of the verification log from what is stored."

    def handle(self, *args: object, **options: object) -> None:
        started = time.monotonic()
        verdict = check_log()
        for difference in verdict.differences:
            self.stderr.write(str(difference))
        self.stdout.write(
            f"size {verdict.size}\nroot {verdict.root}\n"
            f"checked in {time.monotonic() - started:.1f} s"
        )
        if verdict.differences:
            sys.exit(1)
