"""Make the demo city: catalogue, companies, staff, and work in progress."""

from __future__ import annotations

import logging
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from services.accounts.operations.seed_staff import seed_staff
from services.cases.models import Case
from services.cases.work_in_progress import stage_work
from services.registry.models import Entity

SEED = 20250401


class Command(BaseCommand):
    """Prepare what `make demo` shows; does nothing where it was done."""

    help = (
        "load the catalogue, seed city and staff, stage cases (ONELICENSE_TIME_SCALE=0)"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--companies", type=int, default=300)
        parser.add_argument("--cases", type=int, default=36)

    def handle(self, *_args: Any, **options: Any) -> None:
        logging.disable(logging.WARNING)  # no broker runs yet; nothing here needs one
        now = timezone.now()
        call_command("load_catalogue", stdout=self.stdout)
        if not Entity.objects.exists():
            call_command(
                "seed_city",
                companies=options["companies"],
                seed=SEED,
                as_of=_today(),
                stdout=self.stdout,
            )
        seed_staff(seed=SEED, now=now)
        if not Case.objects.exists():
            staged = stage_work(cases=options["cases"], now=now)
            self.stdout.write(_("%(n)d 件在办") % {"n": staged})


def _today() -> date:
    return timezone.localtime(timezone.now()).date()
