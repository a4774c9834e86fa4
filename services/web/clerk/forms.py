"""What the desk's forms hold."""

from __future__ import annotations

from typing import NamedTuple

from django.http import QueryDict

from services.cases.models import Case
from services.cases.plans import case_definition
from services.catalogue.definition import GOVERNMENT_ISSUED
from services.common.language import local


class Target(NamedTuple):
    """Something of the application that a notice may ask to fix."""

    pointer: str
    label: str


def correction_targets(case: Case) -> list[Target]:
    """Return what may be corrected: answers, fields, own papers; never government's."""
    definition = case_definition(case)
    targets = [
        Target(f"/answers/{q.code}", local(q, "text")) for q in definition.questions
    ]
    targets += [
        Target(f"/fields/{f.code}", local(f, "label")) for f in definition.fields
    ]
    targets += [
        Target(f"/materials/{link.material}", local(link))
        for link in definition.links.values()
        if link.how == "upload" and link.kind != GOVERNMENT_ISSUED
    ]
    return targets


def correction_problems(posted: QueryDict) -> list[dict[str, str]]:
    """Return what the notice lists; a line without words says nothing."""
    lines = zip(posted.getlist("pointer"), posted.getlist("text"), strict=False)
    return [
        {"pointer": pointer, "text": text.strip(), "text_en": text.strip()}
        for pointer, text in lines
        if text.strip()
    ]
