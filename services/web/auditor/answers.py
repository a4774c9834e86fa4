"""Answers to saved questions: log entries as they stand, or a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Promise

from services.cases.working_calendar import working_calendar
from services.ledger import questions as log
from services.ledger.models import LogEntry
from services.ledger.queries import LogLine, lines_of
from services.ledger.questions import Span
from services.web.auditor import across
from services.web.names import department_name, material_name
from services.web.templatetags.auditing import short, subject_shown
from services.web.templatetags.words import day, instant

MOST = 200  # rows of an answer
MOST_COMPANIES = 50
ONE_DAY = timedelta(days=1)


class Row(NamedTuple):
    """A line of an answer that is no log entry; `query` leads to its entries."""

    cells: tuple[str, ...]
    query: Mapping[str, str] = {}
    entry: int | None = None

    @property
    def way(self) -> str:
        """Return the query of the explorer that shows its entries."""
        return urlencode(self.query)


class Answer(NamedTuple):
    """Log entries, or a table; `more` where it was cut off."""

    lines: list[LogLine] = []
    head: Sequence[str | Promise] = ()
    rows: list[Row] = []
    more: bool = False

    @property
    def shown(self) -> int:
        """Return how many rows are shown."""
        return len(self.lines) + len(self.rows)


def of_entries(found: QuerySet[LogEntry]) -> Answer:
    """Return log entries, at most MOST of them."""
    lines = lines_of(found[: MOST + 1])
    return Answer(lines=lines[:MOST], more=len(lines) > MOST)


def of_rows(
    head: Sequence[str | Promise], rows: Iterable[Any], row: Callable[[Any], Row]
) -> Answer:
    """Return a table, at most MOST rows of it."""
    found = list(islice(rows, MOST + 1))
    return Answer(
        head=head, rows=[row(each) for each in found[:MOST]], more=len(found) > MOST
    )


def without_outcome(span: Span, now: datetime) -> Answer:
    """Answer which intents led to nothing."""
    return of_entries(log.intents_without_outcome(span, now=now))


def out_of_hours(span: Span, _now: datetime) -> Answer:
    """Answer what staff read while offices were closed."""
    calendar = working_calendar()
    first, last = (timezone.localtime(at).date() for at in span[:2])
    days: list[date] = []
    while first <= last:
        if calendar.is_working(first):
            days.append(first)
        first += ONE_DAY
    return of_entries(log.reads_out_of_hours(span, working_days=days))


def without_entry(span: Span, _now: datetime) -> Answer:
    """Answer which exchanges the log does not know."""
    head = (_("请求编号"), _("办件"), _("部门"), _("材料"), _("时间"))
    return of_rows(
        head,
        across.exchanges_without_entry(span).iterator(),
        lambda one: Row(
            (
                one.public_id,
                one.case,
                department_name(one.department),
                material_name(one.material),
                instant(one.issued_at),
            ),
            {"case": one.case},
        ),
    )


def most_read(span: Span, _now: datetime) -> Answer:
    """Answer whose data was read most."""
    head = (_("企业"), _("查看次数"), _("查看人数"), _("最近一次"))

    def row(one: log.Read) -> Row:
        shown = subject_shown(one.subject)
        query = {"licence": shown.licence} if shown.licence else {}
        last_at = instant(one.last_at)
        about = shown.licence or shown.text
        return Row((about, str(one.looks), str(one.readers), last_at), query)

    return of_rows(head, log.most_read(span, limit=MOST_COMPANIES), row)


def refusals(span: Span, _now: datetime) -> Answer:
    """Answer which departments refused us, and why."""
    head = (_("部门"), _("代码"), _("次数"), _("最近一次"))
    return of_rows(
        head,
        log.refusals(span),
        lambda one: Row(
            (
                department_name(one.office),
                one.code,
                str(one.times),
                instant(one.last_at),
            ),
            {"type": "exchange.refused", "office": one.office, "code": one.code},
        ),
    )


def stale(span: Span, _now: datetime) -> Answer:
    """Answer which approvals rest on evidence that had expired."""
    head = (_("办件"), _("材料"), _("证据有效至"), _("决定时间"))
    return of_rows(
        head,
        across.approved_on_stale_evidence(span).iterator(),
        lambda one: Row(
            (
                one.case.reference,
                material_name(one.satisfied_by),
                instant(one.evidence.fresh_until),
                instant(one.case.decided_at),
            ),
            {"case": one.case.reference},
        ),
    )


def gaps(span: Span, now: datetime) -> Answer:
    """Answer what waited too long for a checkpoint."""
    head = (_("条目写入"), _("检查点签署"), _("相隔（秒）"), _("树的大小"))
    return of_rows(
        head,
        log.checkpoint_gaps(span, now=now),
        lambda one: Row(
            (
                instant(one.entry_at),
                instant(one.signed_at) or str(_("尚未签署")),
                str(int(one.waited.total_seconds())),
                str(one.size),
            )
        ),
    )


def hasty(span: Span, _now: datetime) -> Answer:
    """Answer which decisions came too fast."""
    head = (
        _("时间"),
        _("何人"),
        _("办件"),
        _("打开办件后（秒）"),
        _("上一决定后（秒）"),
    )
    return of_rows(
        head,
        log.hasty_decisions(span),
        lambda one: Row(
            (
                instant(one.at),
                short(one.actor),
                one.case,
                _seconds(one.since_look) or str(_("没有打开过")),
                _seconds(one.since_last) or "—",
            ),
            {"actor": one.actor, "until": day(one.at + ONE_DAY)},
            one.entry,
        ),
    )


def _seconds(span: timedelta | None) -> str:
    return "" if span is None else f"{span.total_seconds():.0f}"
