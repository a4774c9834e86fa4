"""The guide to one item (办事指南), with who provides each material and why."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from services.catalogue.definition import Definition, MaterialLink
from services.catalogue.models import Department
from services.catalogue.queries import (
    ItemUnknown,
    current_version,
    definition_of,
    items,
)
from services.web.seat import actor_in


class Row(NamedTuple):
    """One material of the guide."""

    link: MaterialLink
    holder: Department | None
    free: bool  # not to be submitted: departments or the system provide it
    optional: bool  # only some answers bring it in
    last: bool  # only if no department finds anything in its place


@require_GET
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """Show everything that a guide has to say about one item."""
    try:
        version = current_version(code)
    except ItemUnknown as error:
        near = items().filter(code__in=[near for near, _ in error.nearest])
        return render(
            request,
            "applicant/item_unknown.html",
            {"code": code, "near": near},
            status=404,
        )
    if version.item_id != code:
        return redirect(reverse("guide", args=[version.item_id]))
    definition = definition_of(version)
    holders = Department.objects.in_bulk()
    return render(
        request,
        "applicant/guide.html",
        {
            "item": version.item,
            "d": definition,
            "department": holders.get(definition.department),
            "rows": _rows(definition, holders),
            "guide": _readable(definition),
            "english": (get_language() or "").startswith("en"),
            "may_apply": actor_in(request) is None
            or getattr(actor_in(request), "role", "") == "applicant",
        },
    )


def _rows(definition: Definition, holders: dict[str, Department]) -> list[Row]:
    base = [definition.links[code] for code in definition.materials]
    others = [
        link
        for link in definition.links.values()
        if link.source not in {"base", "rule"}
        and link.material not in definition.materials
    ]
    last = {
        member.material
        for group in definition.groups
        for member in group.members
        if member.only_if_others_not_found
    }
    return [
        Row(
            link,
            holders.get(link.holder),
            link.how != "upload",
            optional,
            link.material in last,
        )
        for optional, links in ((False, base), (True, others))
        for link in links
    ]


def _readable(definition: Definition) -> dict[str, object]:
    """Split the guide's texts where the files join several things with semicolons."""
    texts = definition.guide
    return {
        "conditions": _parts(texts.get("conditions", "")),
        "flow": _parts(texts.get("flow", "")),
        "special_note": texts.get("special_note", ""),
        "faq": [
            (texts[f"faq_q{n}"], texts.get(f"faq_a{n}", ""))
            for n in (1, 2)
            if texts.get(f"faq_q{n}")
        ],
    }


def _parts(text: str) -> list[str]:
    return [
        part.strip() for part in text.replace(";", "；").split("；") if part.strip()
    ]
