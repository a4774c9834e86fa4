"""Words of the operator's pages."""

from __future__ import annotations

from django import template

from services.web.operator import words

register = template.Library()

register.filter("operational", words.reason)


@register.filter
def task_name(task: str) -> str:
    """Return what a task does; its name where no words were chosen."""
    return str(words.TASKS.get(task, task))
