"""Words of the operator's pages."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from services.common.actors import SYSTEM
from services.exchange.models import Breaker
from services.web.names import department_name
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
def incident_about(about: str) -> str:
    """Return what an incident is about: a department with a code, or an exchange."""
    department, _, code = about.partition(" ")
    return " · ".join(filter(None, (department_name(department), code_name(code))))


@register.filter
def closer(by: str) -> str:
    """Return who closed an incident."""
    return gettext("系统") if by == SYSTEM.id else by


@register.filter
def incident_name(kind: str) -> str:
    """Return what kind of incident it is."""
    return str(words.INCIDENTS.get(kind, kind))
