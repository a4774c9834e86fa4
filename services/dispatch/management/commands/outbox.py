"""Show what waits in the outbox, or try parked messages again."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from services.common.actors import Actor
from services.dispatch.models import OutboxMessage
from services.dispatch.operations.reissue import reissue
from services.dispatch.queries import depth_by_task, leases, parked_messages

PIPE_WIDTH = 140
ALL = "all"
OPERATOR = Actor(kind="system", id="outbox-command", role="operator")


class Command(BaseCommand):
    help = "Show what waits, who holds what and what is parked; try parked ones again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reissue", nargs="+", metavar="ID", help="parked messages, or: all"
        )

    def handle(self, *_args: object, **options: list[str] | None) -> None:
        if options["reissue"]:
            self._reissue(options["reissue"])
            return
        self._show(_depths(timezone.now()))
        self._show(_leases())
        self._show(_parked())

    def _reissue(self, words: list[str]) -> None:
        done = reissue(messages=_chosen(words), actor=OPERATOR, now=timezone.now())
        self.stdout.write(f"{done} messages are tried again")

    def _show(self, table: Table) -> None:
        console = Console(width=None if self.stdout.isatty() else PIPE_WIDTH)
        with console.capture() as text:
            console.print(table)
        self.stdout.write(text.get())


def _chosen(words: list[str]) -> list[int]:
    if words == [ALL]:
        return list(OutboxMessage.objects.parked().values_list("pk", flat=True))
    if wrong := [word for word in words if not word.isdecimal()]:
        raise CommandError(f"{wrong[0]!r} is no message's number; give numbers, or all")
    return [int(word) for word in words]


def _depths(now: datetime) -> Table:
    rows = (
        (task, depth.due, depth.later, depth.leased, depth.parked, depth.oldest_due_at)
        for task, depth in depth_by_task(now).items()
    )
    names = ("task", "due", "later", "leased", "parked", "oldest due")
    return _table("waiting", names, rows)


def _leases() -> Table:
    return _table("in hand", ("owner", "task", "messages", "until"), leases())


def _parked() -> Table:
    rows = (
        (m.pk, m.task, m.key, m.parked_at, m.parked_reason) for m in parked_messages()
    )
    return _table("parked", ("id", "task", "key", "since", "reason"), rows)


def _table(title: str, names: Iterable[str], rows: Iterable[Iterable[object]]) -> Table:
    table = Table(*names, title=title, title_justify="left")
    for row in rows:
        table.add_row(*map(_text, row))
    return table


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    return "" if value is None else str(value)
