"""Questions that hold the log against the books of cases and exchanges."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from services.cases.models import Case, Decision, Requirement
from services.exchange.models import Exchange
from services.ledger.models import LogEntry
from services.ledger.questions import READS, Span, entries

ASKED = ("exchange.intended", "exchange.reused")


def access_without_case(span: Span) -> QuerySet[LogEntry]:
    """
    Return who read or asked for data without a draft or case that exists.

    A list of the desk or the log that was looked through for nobody is no access: it
    names neither a case nor a company.
    """
    case = Case.objects.filter(reference=OuterRef("case"))
    found = entries(span, *READS, *ASKED)
    lists = Q(case="", subject="")
    return found.exclude(lists).filter(Q(case="") | ~Exists(case))


def exchanges_without_entry(span: Span) -> QuerySet[Exchange]:
    """Return exchanges whose intent is not in the log, newest first."""
    entry = LogEntry.objects.filter(
        case=OuterRef("case"), exchange=OuterRef("public_id"), type__in=ASKED
    ).exclude(case="")
    made = Exchange.objects.filter(**span.of("issued_at"))
    if span.licence:
        made = made.filter(entity=span.licence)
    return made.filter(~Exists(entry)).order_by("-issued_at", "-pk")


def entries_without_exchange(span: Span) -> QuerySet[LogEntry]:
    """Return intents in the log that no exchange belongs to."""
    exchange = Exchange.objects.filter(public_id=OuterRef("exchange"))
    return entries(span, *ASKED).filter(~Exists(exchange))


def approved_on_stale_evidence(span: Span) -> QuerySet[Requirement]:
    """Return evidence that had expired when a case was approved on it."""
    used = Requirement.objects.filter(
        state=Requirement.State.SATISFIED,
        evidence__fresh_until__lte=F("case__decided_at"),
        case__decision__kind=Decision.Kind.APPROVED,
        **span.of("case__decided_at"),
    )
    if span.licence:
        used = used.filter(case__entity__uscc=span.licence)
    return used.select_related("case", "evidence").order_by("-case__decided_at", "pk")
