"""Lock cases for one operation: one row lock each, in the same order everywhere."""

from __future__ import annotations

from collections.abc import Iterable

from services.cases.models import Case


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
    drafts = Case.objects.select_for_update().filter(state=Case.State.DRAFT)
    return bool(drafts.filter(pk=case.pk).values_list("pk"))


def lock_cases(references: Iterable[str], states: Iterable[str]) -> list[Case]:
    """Return the cases in one of the states, locked in the order of their keys."""
    return list(
        Case.objects.select_for_update(of=("self",))
        .select_related("entity", "item_version", "office")
        .defer("item_version__definition")
        .filter(reference__in=list(references), state__in=list(states))
        .order_by("pk")
    )
