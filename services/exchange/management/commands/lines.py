"""Show how the lines to departments stand, and what operations must look at."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table
from rich.text import Text

from services.catalogue.models import Department
from services.departments.gateways.contract import HUB
from services.exchange.models import Breaker, Incident
from services.exchange.queries import LineStatus, incidents, lines
from services.registry.uscc import masked

PIPE_WIDTH = 160
COLOURS = {
    Breaker.State.CLOSED.value: "green",
    Breaker.State.HALF_OPEN.value: "yellow",
    Breaker.State.OPEN.value: "bold red",
}
COLUMNS = (
    "line",
    "department",
    "breaker",
    "next probe",
    "wait",
    "with officer",
    "oldest waiting",
    "last error",
)
ALWAYS_WHOLE = ("line", "breaker", "wait")  # however narrow a terminal is


class Command(BaseCommand):
    """Works on our own database alone, so also while departments are down."""

    help = "Show each department's breaker, what waits there, and open incidents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", nargs="?", help=f"department, or {HUB}; else all")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: object, **options: Any) -> None:
        code = options["code"]
        rows = [row for row in lines(timezone.now()) if code in (None, row.department)]
        if not rows:
            raise CommandError(f"no department {code!r}; see manage.py departments")
        found = [one for one in incidents() if code is None or _concerns(one, code)]
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(rows, found), ensure_ascii=False))
        else:
            self._show(rows, found)

    def _show(self, rows: Sequence[LineStatus], found: Sequence[Incident]) -> None:
        console = Console(file=self.stdout)  # type: ignore[arg-type]
        if not console.is_terminal:
            console.width = PIPE_WIDTH
        console.print(_lines(rows))
        console.print(_incidents(found) if found else Text("no open incident", "green"))


def _concerns(incident: Incident, code: str) -> bool:
    return incident.about.partition(" ")[0] == code


def _lines(rows: Sequence[LineStatus]) -> Table:
    names = dict(Department.objects.values_list("code", "name"))
    table = Table(*COLUMNS)
    for column in table.columns:
        column.no_wrap = column.header in ALWAYS_WHOLE
    for name in ("wait", "with officer"):
        table.columns[COLUMNS.index(name)].justify = "right"
    for row in rows:
        table.add_row(
            row.department,
            names.get(row.department, ""),
            Text(row.state.replace("_", " "), COLOURS[row.state]),
            _local(row.probe_at),
            str(row.waiting),
            str(row.with_officer),
            _local(row.oldest_at),
            f"{row.last_code} {_local(row.last_error_at)}".strip(),
        )
    return table


def _incidents(found: Sequence[Incident]) -> Table:
    columns = ("id", "incident", "about", "since", "what")
    table = Table(*columns, title="open incidents", title_justify="left")
    for one in found:
        since = _local(one.opened_at)
        kind = Text(one.kind, "bold red")
        table.add_row(str(one.pk), kind, Text(one.about), since, Text(_what(one)))
    return table


def _as_json(rows: Sequence[LineStatus], found: Sequence[Incident]) -> dict[str, Any]:
    return {
        "lines": [
            {name: _plain(value) for name, value in row._asdict().items()}
            for row in rows
        ],
        "incidents": [
            {
                "id": one.pk,
                "kind": one.kind,
                "about": one.about,
                "text": _what(one),
                "opened_at": one.opened_at.isoformat(),
            }
            for one in found
        ],
    }


def _what(incident: Incident) -> str:
    """Return what happened, without what databases quote of a case."""
    return masked(incident.text.partition("\n")[0])


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _local(instant: datetime | None) -> str:
    if instant is None:
        return ""
    return timezone.localtime(instant).strftime("%Y-%m-%d %H:%M:%S")
