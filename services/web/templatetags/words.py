"""Words in the reader's language, times in Shanghai's."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from services.accounts.models import Role
from services.common.language import local
from services.ledger.words import event as event_words
from services.web import names, vocabulary, wording

register = template.Library()


register.filter("local", local)
register.filter("about", names.about)
register.filter("department_name", names.department_name)
register.filter("item_name", names.item_name)
register.filter("material_name", names.material_name)
register.filter("term", vocabulary.term)


@register.filter
def day(value: date | datetime | None) -> str:
    """Return a date as 2026-11-22."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return value.isoformat() if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Return an instant as 2026-11-22 10:41, Shanghai time."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


@register.filter
def instant(value: datetime | None) -> str:
    """Return an instant to the second: entries of one minute keep their order."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """Return an instant as 10:41, with the day where it is not today."""
    if not value:
        return ""
    at = timezone.localtime(value)
    same_day = at.date() == timezone.localdate()
    return f"{at:%H:%M}" if same_day else f"{at:%m-%d %H:%M}"


@register.filter
def lately(value: datetime | None) -> str:
    """Return an instant as 10:41:05, with the day where it is not today."""
    if not value:
        return ""
    at = timezone.localtime(value)
    same_day = at.date() == timezone.localdate()
    return f"{at:%H:%M:%S}" if same_day else f"{at:%m-%d %H:%M:%S}"


@register.filter
def role_name(role: str) -> str:
    """Return a role as people call it."""
    if role in Role.values:
        return str(Role(role).label)
    others = {
        "applicant": gettext("申请人"),
        "system": gettext("系统"),
        "anonymous": gettext("未登录"),
        "data_protection": gettext("个人信息保护负责人"),
    }
    return others.get(role, role)


@register.filter
def anchor(pointer: str) -> str:
    """Return the id of the part of a form that a problem points at, if it has one."""
    part, _, code = pointer.removeprefix("/").partition("/")
    letter = {"answers": "a", "fields": "f", "materials": "u"}.get(part)
    return f"{letter}-{code}" if letter and code else ""


@register.filter
def lookup(mapping: Any, key: str) -> Any:
    """Return one member of a mapping, or nothing."""
    return mapping.get(key, "") if mapping else ""


@register.filter
def event_name(event: str) -> str:
    """Return what a log entry of this type means."""
    return event_words(event)


@register.filter
def action_name(action: str) -> str:
    """Return what a move of a case means."""
    return wording.action(action)


@register.filter
def record_name(name: str) -> str:
    """Return what a member of a record is called."""
    return wording.record_member(name)


@register.filter
def source_name(by: str) -> str:
    """Return where a value of the application comes from."""
    return wording.source(by)


@register.filter
def masked(name: str) -> str:
    """Return a person's name for eyes that need not know it: 张**."""
    return name[:1] + "*" * max(len(name) - 1, 0)


@register.filter
def outcome_name(outcome: str) -> str:
    """Return the words for an outcome of a department; nothing for other events."""
    return str(wording.OUTCOMES.get(outcome, ""))
