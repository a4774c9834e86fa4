"""Show how the simulated departments behave, or switch one."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from services.catalogue.models import Department
from services.common.actors import Actor
from services.departments.faults import FAULTS, Mode
from services.departments.models import Profile
from services.departments.operations.switch import switch
from services.departments.queries import profiles

PIPE_WIDTH = 120
OPERATOR = Actor(kind="system", id="departments-command", role="operator")


class Command(BaseCommand):
    help = "Show the departments' behaviour, or switch one department."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help="department, e.g. scjg")
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument("--fault", choices=FAULTS, help="turn a fault on")
        chosen.add_argument("--mode", choices=[mode.value for mode in Mode])

    def handle(self, *_args: object, **options: str | None) -> None:
        mode = options["fault"] or options["mode"]
        code = options["code"]
        if mode and not code:
            raise CommandError("which department? give its code, e.g. scjg")
        if code:
            self._refuse_unknown(code)
        if mode and code:
            switch(code, mode, actor=OPERATOR, now=timezone.now())
        self._show(code)

    def _refuse_unknown(self, code: str) -> None:
        codes = sorted(Department.objects.values_list("code", flat=True))
        if code not in codes:
            raise CommandError(f"no department {code!r}; known are {', '.join(codes)}")

    def _show(self, only: str | None) -> None:
        table = Table("code", "department", "mode", "latency ms", "since")
        behaviour = {profile.department: profile for profile in profiles()}
        for department in Department.objects.order_by("code"):
            if only in (None, department.code):
                profile = behaviour.get(department.code) or Profile()
                table.add_row(
                    department.code,
                    department.name,
                    profile.mode,
                    str(profile.latency_ms),
                    _local(profile),
                )
        console = Console(width=None if self.stdout.isatty() else PIPE_WIDTH)
        with console.capture() as text:
            console.print(table)
        self.stdout.write(text.get())


def _local(profile: Profile) -> str:
    if profile.switched_at is None:
        return ""
    return timezone.localtime(profile.switched_at).strftime("%Y-%m-%d %H:%M:%S")
