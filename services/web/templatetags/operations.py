"""Words of the operator's pages."""

from __future__ import annotations

from django import template

from services.exchange.models import Breaker
from services.web.operator import faults, words

register = template.Library()

register.filter("operational", words.reason)
register.filter("fault", faults.fault)


@register.filter
def task_name(task: str) -> str:
    """Return what a task does; nothing where no words were chosen."""
    return str(words.TASKS.get(task, ""))


@register.filter
def breaker_name(state: str) -> str:
    """Return how a line stands."""
    return str(Breaker.State(state).label)


@register.filter
def code_name(code: str) -> str:
    """Return what went wrong with a call."""
    return str(words.CODES.get(code, code))


@register.filter
def incident_name(kind: str) -> str:
    """Return what kind of incident it is."""
    return str(words.INCIDENTS.get(kind, kind))
