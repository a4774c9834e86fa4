"""How the catalogue's items use a material: asked once per published catalogue."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from services.catalogue.models import ItemVersion
from services.catalogue.queries import catalogue_digest


def subject_fields(material: str) -> frozenset[tuple[str, str]]:
    """Return under which subjects, and from which form fields, items ask for it."""
    return _usage(catalogue_digest()).get(material, frozenset())


@lru_cache(maxsize=4)
def _usage(_digest: str) -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    current = ItemVersion.objects.filter(valid_until__isnull=True)
    for links in current.values_list("definition__links", flat=True):
        for code, link in links.items():
            found[code].add((link["subject"], link["subject_field"]))
    return {code: frozenset(uses) for code, uses in found.items()}
