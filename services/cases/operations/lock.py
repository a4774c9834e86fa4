"""Lock cases for one operation: one row lock each, in the same order everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from services.cases.models import Case
from services.common.statements import fetch, for_update

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
    return list(
        Case.objects.select_for_update(of=("self",))
        .select_related("entity", "item_version", "office")
        .defer("item_version__definition")
        .filter(reference__in=list(references), state__in=list(states))
        .order_by("pk")
    )
