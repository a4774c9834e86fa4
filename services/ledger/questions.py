"""Questions that an auditor asks of the log again and again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import NamedTuple

from django.db.models import Count, DateTimeField, Exists, Max, OuterRef, Q, QuerySet
from django.db.models import Subquery as Sub
from django.db.models.functions import TruncDate, TruncTime
from django.utils import timezone

from services.ledger.explore import pseudonyms_of_company
from services.ledger.models import Bundle, Checkpoint, LogEntry, Pseudonym
from services.ledger.queries import integrity
from services.ledger.shelf import split_ids

LOOKS = ("entity.viewed", "evidence.viewed", "upload.viewed")
READS = (*LOOKS, "log.viewed", "log.exported")
OUTCOMES = ("exchange.answered", "exchange.presumed", "exchange.refused")
PATIENCE = timedelta(hours=1)  # by then something was said about every intent
OPENS, CLOSES = time(8, 30), time(17, 30)  # office hours, Asia/Shanghai
# From an entry to a checkpoint over it, while sequencer, database and witness run.
LONGEST_DELAY = timedelta(seconds=60)
AT_ONCE = 1_000  # checkpoints
A_MOMENT = timedelta(seconds=10)  # nobody reads a case and decides in less
A_PERSON = Q(leaf__contains='"kind":"human"')
AN_APPLICANT = Q(leaf__contains='"role":"applicant"')


class Span(NamedTuple):
    """From an instant on, up to another; about one company, or about all."""

    since: datetime
    until: datetime
    licence: str = ""

    def of(self, name: str = "at") -> dict[str, datetime]:
        """Return the condition that a column lies within."""
        return {f"{name}__gte": self.since, f"{name}__lt": self.until}


class Read(NamedTuple):
    """How often a company's data was read, and by how many people."""

    subject: str
    looks: int
    readers: int
    last_at: datetime


class Refusals(NamedTuple):
    """How often a department refused us, for one reason."""

    office: str
    code: str
    times: int
    last_at: datetime


class Gap(NamedTuple):
    """An entry that waited too long for a checkpoint; not signed: it still waits."""

    entry_at: datetime
    signed_at: datetime | None
    waited: timedelta
    size: int


class Hasty(NamedTuple):
    """A person's decision, and what it followed too closely."""

    entry: int
    at: datetime
    case: str
    actor: str
    since_look: timedelta | None  # None: the case was never opened
    since_last: timedelta | None  # the person's decision before


def entries(span: Span, *types: str) -> QuerySet[LogEntry]:
    """Return entries of some types, newest first."""
    found = LogEntry.objects.filter(type__in=types, **span.of())
    if span.licence:
        found = found.filter(subject__in=pseudonyms_of_company(span.licence))
    return found.order_by("-at", "-pk")


def intents_without_outcome(span: Span, *, now: datetime) -> QuerySet[LogEntry]:
    """Return what departments were to be asked, and nothing was said about it since."""
    said = LogEntry.objects.filter(
        case=OuterRef("case"), exchange=OuterRef("exchange"), type__in=OUTCOMES
    ).exclude(case="")
    old = entries(span, "exchange.intended").filter(at__lt=now - PATIENCE)
    return old.filter(~Exists(said))


def reads_out_of_hours(
    span: Span, *, working_days: Collection[date]
) -> QuerySet[LogEntry]:
    """Return what staff read while offices were closed."""
    zone = timezone.get_default_timezone()
    local = {
        "day": TruncDate("at", tzinfo=zone),
        "time": TruncTime("at", tzinfo=zone),
    }
    open_then = Q(day__in=working_days, time__gte=OPENS, time__lt=CLOSES)
    read = entries(span, *READS).filter(A_PERSON).exclude(AN_APPLICANT)
    return read.annotate(**local).exclude(open_then)


def most_read(span: Span, *, limit: int) -> list[Read]:
    """Return whose data staff read most; in clear where the salt still exists."""
    read = entries(span, *LOOKS).filter(A_PERSON).exclude(AN_APPLICANT)
    groups = read.exclude(subject="").order_by().values("subject")
    counted = groups.annotate(
        looks=Count("pk"), readers=Count("actor", distinct=True), last_at=Max("at")
    ).order_by("-looks", "subject")[:limit]
    rows = [Read(**row) for row in counted]
    known = Pseudonym.objects.filter(pseudonym__in=[row.subject for row in rows])
    clear = dict(known.values_list("pseudonym", "clear"))
    return [row._replace(subject=clear.get(row.subject, row.subject)) for row in rows]


def refusals(span: Span) -> list[Refusals]:
    """Return which departments refused us, most often first."""
    groups = entries(span, "exchange.refused").order_by().values("office", "code")
    counted = groups.annotate(times=Count("pk"), last_at=Max("at"))
    return [Refusals(**row) for row in counted.order_by("-times", "office", "code")]


def checkpoint_gaps(span: Span, *, now: datetime) -> Iterator[Gap]:
    """Yield where an entry waited longer for a checkpoint than it may, newest first."""
    waiting = integrity().oldest_pending_at
    if waiting and now - waiting > LONGEST_DELAY:
        yield Gap(waiting, None, now - waiting, integrity().size)
    before = Checkpoint.objects.filter(size__lt=OuterRef("size")).order_by("-size")
    signed = Checkpoint.objects.filter(**span.of("signed_at"), size__gt=0).annotate(
        old=Sub(before.values("size")[:1]), old_at=Sub(before.values("signed_at")[:1])
    )
    # What came in after one checkpoint waits no longer than until the next one.
    rows = signed.values_list("size", "signed_at", "old", "old_at").order_by("-size")
    late = (
        (size, signed_at, old or 0)
        for size, signed_at, old, old_at in rows.iterator()
        if old_at is None or signed_at - old_at > LONGEST_DELAY
    )
    while some := list(islice(late, AT_ONCE)):
        times = _times_of_first([start for _, _, start in some])
        for size, signed_at, start in some:
            entry_at = times.get(start)
            if entry_at and signed_at - entry_at > LONGEST_DELAY:
                yield Gap(entry_at, signed_at, signed_at - entry_at, size)


def _times_of_first(starts: Sequence[int]) -> dict[int, datetime]:
    """Return when the first entries of bundles were written, by their index."""
    rows = Bundle.objects.filter(start__among=starts).values_list("start", "entry_ids")
    first = {start: pk for start, ids in rows for pk in split_ids(bytes(ids))[:1]}
    entries_at = LogEntry.objects.filter(pk__among=[*first.values()])
    times = dict(entries_at.values_list("pk", "at"))
    return {start: times[pk] for start, pk in first.items() if pk in times}


def hasty_decisions(span: Span) -> Iterator[Hasty]:
    """
    Yield decisions of people that came faster than anybody reads.

    That is, a moment after the person opened the case or decided another one, or
    without that the person ever opened the case.
    """
    seen = LogEntry.objects.filter(
        case=OuterRef("case"),
        actor=OuterRef("actor"),
        type__in=LOOKS,
        exchange="",  # who saw one question in a list did not open the case
    ).filter(pk__lt=OuterRef("pk"))
    decided = entries(span, "case.decided").filter(A_PERSON).order_by("actor", "at")
    rows = decided.annotate(
        seen_at=Sub(
            seen.exclude(case="").order_by("-at").values("at")[:1],
            output_field=DateTimeField(),
        )
    ).values_list("pk", "at", "case", "actor", "seen_at")
    last: tuple[str, datetime] | None = None
    for pk, at, case, actor, seen_at in rows.iterator():
        since_last = at - last[1] if last and last[0] == actor else None
        since_look = at - seen_at if seen_at else None
        last = actor, at
        if since_look is None or _in_a_moment(since_look, since_last):
            yield Hasty(pk, at, case, actor, since_look, since_last)


def _in_a_moment(*spans: timedelta | None) -> bool:
    return any(span is not None and span < A_MOMENT for span in spans)
