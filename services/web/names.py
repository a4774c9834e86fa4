"""What the codes of the catalogue are called, and whom a check is about."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from services.catalogue.models import Item
from services.catalogue.queries import materials
from services.common.language import local
from services.common.subjects import parse_subject
from services.departments.gateways.contract import HUB

LAST = 4  # of an identity number: enough to tell colleagues apart


def department_name(code: str) -> str:
    """Return the name of a department or of an office's department."""
    code = code.partition("-")[0]
    if code == HUB:
        return _("公共数据平台")
    holders = (material.holder for material in materials().values())
    named = {holder.code: holder for holder in holders if holder}
    return local(named[code]) if code in named else code


def material_name(code: str) -> str:
    """Return the name of a material."""
    material = materials().get(code)
    return local(material) if material else code


def item_name(code: str) -> str:
    """Return the name of an item."""
    item = Item.objects.filter(code=code).first()
    return local(item) if item else code


def about(subject: Any) -> str:
    """Return whom or what a check is about; nothing where it is the company itself."""
    kind, key = parse_subject(str(subject))
    if kind == "person":
        return _("身份证尾号 %(last)s") % {"last": key[-LAST:]}
    return key if kind in {"vehicle", "device", "project", "other_entity"} else ""
