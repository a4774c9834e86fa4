"""Lock cases for one operation: one row lock each, in the same order everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Q

from services.cases.models import Case
from services.catalogue.queries import item_version, office, one_catalogue
from services.common.statements import fetch, for_update

# Columns that no operation on many cases looks at; times are the slowest to read.
NOT_READ = (
    "opened_by",
    "opened_at",
    "authorised_at",
    "channel",
    "derived_answers",
    "differences",
    "filing_key",
    "filing_digest",
    "delivered_at",
    "ended_at",
    "expires_at",
)
DRAFT_SQL = "SELECT id FROM cases_case WHERE id = %s AND state = 'draft' "


def lock_case(case: Case) -> Case:
    """Return the case as it is now, locked until the transaction ends."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("entity", "item_version", "office")
        .defer("item_version__definition")
        .get(pk=case.pk)
    )


def lock_draft(case: Case) -> bool:
    """Lock a draft until the transaction ends; tell whether it still is one."""
    locking = DRAFT_SQL + for_update(connection)
    return bool(fetch(connection, locking, [case.pk]))


def lock_cases(references: Iterable[str], states: Iterable[str]) -> list[Case]:
    """Return the cases in one of the states, locked in the order of their keys."""
    return _lock(Q(reference__among=references), states)


def lock_cases_by_key(keys: Iterable[int], states: Iterable[str]) -> list[Case]:
    """Return the cases in one of the states, locked in the order of their keys."""
    return _lock(Q(pk__among=keys), states)


def _lock(which: Q, states: Iterable[str]) -> list[Case]:
    """
    Return cases with their company, item and office.

    Items and offices are few and come from this process's memory.
    """
    cases = list(
        Case.objects.select_for_update(of=("self",))
        .select_related("entity")
        .defer(*NOT_READ)
        .filter(which, state__in=list(states))
        .order_by("pk")
    )
    with one_catalogue():
        for case in cases:
            case.item_version = item_version(case.item_version_id)
            case.office = office(case.office_id) if case.office_id else None
    return cases
