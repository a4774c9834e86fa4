"""Words of the auditor's pages."""

from __future__ import annotations

from typing import NamedTuple

from django import template
from django.utils.translation import gettext as _

from services.cases.models import Case
from services.common.subjects import KINDS, parse_subject
from services.web.names import about
from services.web.wording import OUTCOMES

register = template.Library()

SHORT = 8  # characters of a pseudonym: enough to tell two apart


class Shown(NamedTuple):
    """Whom an entry is about: a company, an account, anybody else in few letters."""

    licence: str = ""
    text: str = ""


@register.filter
def subject_shown(subject: str) -> Shown:
    """Return what an auditor may read of a subject."""
    kind, key = parse_subject(subject)
    if kind in {"entity", "other_entity"}:
        return Shown(licence=key)
    if kind == "account":
        return Shown(text=key)
    if kind in KINDS:
        return Shown(text=about(subject) or _("场所"))
    return Shown(text=short(subject))


@register.filter
def short(pseudonym: str) -> str:
    """Return the beginning of a pseudonym."""
    return f"{pseudonym[:SHORT]}…" if len(pseudonym) > SHORT else pseudonym


@register.filter
def result_name(outcome: str) -> str:
    """Return what a department answered, or the state that a case came to."""
    states = dict(Case.State.choices)
    return str(OUTCOMES.get(outcome) or states.get(outcome, ""))
