"""Compare our books with the departments' own."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rich.console import Console
from rich.table import Table

from services.catalogue.models import Department
from services.departments.gateways.contract import HUB
from services.exchange.comparison import Comparison, Difference
from services.exchange.operations.reconcile import Reconciliation, reconcile

A_DAY = timedelta(days=1)
PIPE_WIDTH = 120


class Command(BaseCommand):
    """Exit code 1: the books differ, or a department did not show its own."""

    help = "Compare what we asked and deposited with each department's own journal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help="department; without it: all")
        parser.add_argument("--since", help="2026-11-23T08:00; a day ago")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: object, **options: Any) -> None:
        found = reconcile(
            department=self._code(options["code"]),
            since=self._since(options["since"]),
            now=timezone.now(),
        )
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(found), ensure_ascii=False))
        else:
            self._show(found)
        if not found.clean:
            sys.exit(1)

    def _code(self, code: str | None) -> str | None:
        if code and not Department.objects.filter(pk=code).exists() and code != HUB:
            raise CommandError(f"no department {code!r}; see manage.py departments")
        return code

    def _since(self, text: str | None) -> datetime:
        try:
            since = parse_datetime(text) if text else timezone.now() - A_DAY
        except ValueError:
            since = None
        if since is None:
            raise CommandError(f"--since {text!r} is no time; write 2026-11-23T08:00")
        return since if timezone.is_aware(since) else timezone.make_aware(since)

    def _show(self, found: Reconciliation) -> None:
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        if not console.is_terminal:
            console.width = PIPE_WIDTH
        console.print(f"since {found.since:%Y-%m-%d %H:%M}, {_count(found)}")
        console.print(_explained(found.questions))
        for code in found.silent:
            console.print(f"{code} did not show its journal")
        differences = found.questions.differences + found.deposits.differences
        if differences:
            console.print(_table(differences))
        console.print("the books agree" if found.clean else "the books differ")


def _count(found: Reconciliation) -> str:
    asked, kept = found.questions.agreed, found.deposits.agreed
    return f"{len(found.departments)} lines: {asked} answers and {kept} deposits agree"


def _explained(questions: Comparison) -> str:
    counts = questions.explained
    return (
        f"{counts['not_reached']} questions did not reach anybody, "
        f"{counts['under_way']} are under way or are put again"
    )


def _table(differences: list[Difference]) -> Table:
    table = Table(*Difference._fields)
    for one in differences:
        table.add_row(*one)
    return table


def _as_json(found: Reconciliation) -> dict[str, Any]:
    books = {"questions": found.questions, "deposits": found.deposits}
    return {
        "since": found.since.isoformat(),
        "clean": found.clean,
        "silent": list(found.silent),
        **{
            name: {
                "agreed": one.agreed,
                "explained": dict(one.explained),
                "differences": [each._asdict() for each in one.differences],
            }
            for name, one in books.items()
        },
    }
