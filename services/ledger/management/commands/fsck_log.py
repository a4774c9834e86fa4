"""Check the verification log against itself."""

from __future__ import annotations

import os
import sys
import time

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from services.ledger.check import check_log


class Command(BaseCommand):
    """Re-derive every hash from storage; exit 1 on any difference."""

    help = "Re-derive every hash of the verification log from what is stored."

    def handle(self, *args: object, **options: object) -> None:
        started = time.monotonic()
        verdict = check_log(workers=os.cpu_count() or 1)
        for difference in verdict.differences:
            self.stderr.write(str(difference))
        took = time.monotonic() - started
        self.stdout.write(f"size {verdict.size}\nroot {verdict.root}")
        self.stdout.write(
            _("%(n)d 处不一致，用时 %(s).1f 秒")
            % {"n": len(verdict.differences), "s": took}
            if verdict.differences
            else _("逐条复算，与树头一致，用时 %(s).1f 秒") % {"s": took}
        )
        if verdict.differences:
            sys.exit(1)
