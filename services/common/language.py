"""Names in the reader's language, where the catalogue has both."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language


def local(thing: Any, field: str = "name") -> str:
    """Return `thing.field`, or `thing.field_en` where English is read and known."""
    value = _member(thing, field)
    if (get_language() or "").startswith("en"):
        value = _member(thing, f"{field}_en") or value
    return str(value or "")


def _member(thing: Any, name: str) -> Any:
    if isinstance(thing, dict):
        return thing.get(name, "")
    return getattr(thing, name, "")
