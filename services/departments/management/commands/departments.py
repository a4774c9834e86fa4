"""Show how the simulated departments behave, or switch them."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from services.catalogue.models import Department
from services.common.actors import Actor
from services.common.errors import DomainError
from services.departments.faults import FAULTS, Mode
from services.departments.gateways.contract import HUB, Behaviour
from services.departments.operations.switch import PARAMETERS, switch
from services.departments.queries import profiles

PIPE_WIDTH = 140
COLUMNS = (
    "code",
    "department",
    "mode",
    *(name.replace("_", " ") for name in PARAMETERS),
    "since",
)
OPERATOR = Actor(kind="system", id="departments-command", role="operator")


class Command(BaseCommand):
    """Works on the departments in process, or on their service where one is set."""

    help = "Show the departments' behaviour, or switch one, the hub, or all."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help=f"department, e.g. scjg, or {HUB}")
        parser.add_argument("--all", action="store_true", help="every department")
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--fault", choices=FAULTS, help="turn a fault on")
        chosen.add_argument("--mode", choices=[mode.value for mode in Mode])
        parser.add_argument("--latency-ms", type=int, help="slow: the median")
        parser.add_argument(
            "--p99-ms", type=int, help="slow: one call in a hundred takes this long"
        )
        parser.add_argument(
            "--defer-seconds", type=int, help="late, deferred: answered after that"
        )
        parser.add_argument("--seed", type=int, help="the same faults again")

    def handle(self, *_args: object, **options: Any) -> None:
        mode = options["fault"] or options["mode"]
        codes = self._codes(options["code"], everybody=options["all"])
        if mode and not codes:
            raise CommandError("which department? give its code, e.g. scjg, or --all")
        try:
            for code in codes if mode else ():
                switch(
                    code,
                    mode,
                    actor=OPERATOR,
                    now=timezone.now(),
                    **{name: options[name] for name in PARAMETERS},
                )
            self._show(codes)
        except DomainError as refused:
            raise CommandError(f"{refused.code}: {refused}") from refused

    def _codes(self, code: str | None, *, everybody: bool) -> list[str]:
        """Return whom the command is about, as it was written; nobody means all."""
        known = sorted(Department.objects.values_list("code", flat=True))
        if everybody:
            return known
        if code and code not in (HUB, *known):
            names = ", ".join([HUB, *known])
            raise CommandError(f"no department {code!r}; known are {names}")
        return [code] if code else []

    def _show(self, only: Sequence[str]) -> None:
        table = Table(*COLUMNS)
        switched = {profile.department: profile for profile in profiles()}
        names = dict(Department.objects.order_by("code").values_list("code", "name"))
        for code, name in {HUB: _("公共数据平台"), **names}.items():
            if only and code not in only:
                continue
            one = switched.get(code)
            table.add_row(code, name, *(_cells(one) if one else (Mode.UP.value,)))
        console = Console(width=None if self.stdout.isatty() else PIPE_WIDTH)
        with console.capture() as text:
            console.print(table)
        self.stdout.write(text.get())


def _cells(one: Behaviour) -> tuple[str, ...]:
    numbers = (getattr(one, name) for name in PARAMETERS)
    return one.mode, *map(str, numbers), _local(one.switched_at)


def _local(instant: datetime | None) -> str:
    if instant is None:
        return ""
    return timezone.localtime(instant).strftime("%Y-%m-%d %H:%M:%S")
