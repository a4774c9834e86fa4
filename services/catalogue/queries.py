"""Questions to the catalogue in force."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from django.db import connection
from django.db.models import Q, QuerySet

from services.catalogue.city import (
    City,
    District,
    city_from,
    current_code,
    district_from,
)
from services.catalogue.definition import Definition, from_json
from services.catalogue.matching import Indexed
from services.catalogue.models import (
    CatalogueVersion,
    Department,
    Item,
    ItemVersion,
    LifeEvent,
    Material,
    Office,
)
from services.catalogue.search import Index, ItemHit
from services.common.errors import DomainError

NEWEST_SQL = "SELECT digest FROM catalogue_catalogueversion ORDER BY id DESC LIMIT 1"


class CatalogueNotLoaded(DomainError):
    """There is no catalogue yet: run `load_catalogue`."""

    code = "catalogue_not_loaded"


class ItemUnknown(DomainError):
    """No item in force has this code, number or name."""

    code = "item_unknown"

    def __init__(self, text: str, *, nearest: Sequence[tuple[str, str]]) -> None:
        names = "、".join(f"{code} {name}" for code, name in nearest)
        super().__init__(f"{text}: {names}" if names else text)
        self.text = text
        self.nearest = tuple(nearest)


class OfficeUnknown(DomainError):
    """No office of this department is known."""

    code = "office_unknown"


def catalogue_digest() -> str:
    """
    Return what identifies the catalogue in force; in-process caches are keyed by it.

    :raises CatalogueNotLoaded: before the first load.
    """
    seen = _seen.get()
    if seen is None:
        return _newest_digest()
    if not seen:
        seen.append(_newest_digest())
    return seen[0]


# Inside `one_catalogue`: the digest that was read there, once it has been read.
_seen: ContextVar[list[str] | None] = ContextVar("seen", default=None)


@contextmanager
def one_catalogue() -> Iterator[None]:
    """Let what is done inside see one catalogue, whatever is loaded meanwhile."""
    token = _seen.set([] if _seen.get() is None else _seen.get())
    try:
        yield
    finally:
        _seen.reset(token)


def _newest_digest() -> str:
    with connection.cursor() as cursor:  # asked so often that the ORM's share counts
        cursor.execute(NEWEST_SQL)
        row = cursor.fetchone()
    if row is None:
        raise CatalogueNotLoaded("no catalogue was loaded")
    return str(row[0])


def city() -> City:
    """Return the city of the catalogue in force."""
    return _city(catalogue_digest())


@lru_cache(maxsize=4)
def _city(digest: str) -> City:
    return city_from(_version(digest).city)


def districts() -> dict[str, District]:
    """Return the districts by code, abolished ones included."""
    return _districts(catalogue_digest())


@lru_cache(maxsize=4)
def _districts(digest: str) -> dict[str, District]:
    rows = map(district_from, _version(digest).districts)
    return {district.code: district for district in rows}


def _version(digest: str) -> CatalogueVersion:
    return CatalogueVersion.objects.filter(digest=digest).order_by("-pk")[0]


def departments() -> QuerySet[Department]:
    """Return the departments that have items or answer for materials, by code."""
    in_force = Q(item__isnull=False, item__withdrawn_on__isnull=True)
    return (
        Department.objects.filter(in_force | Q(material__isnull=False))
        .distinct()
        .order_by("code")
    )


def items() -> QuerySet[Item]:
    """Return the items in force, by number."""
    return Item.objects.filter(withdrawn_on__isnull=True).order_by("seq")


def popular_items(limit: int) -> QuerySet[Item]:
    """Return the items that are asked for most."""
    return items().order_by("-weight", "seq")[:limit]


def items_of_department(code: str) -> QuerySet[Item]:
    """Return the items in force of one department, by number."""
    return items().filter(department=code)


def life_events() -> QuerySet[LifeEvent]:
    """Return the bundles of items for one event in a company's life."""
    return LifeEvent.objects.order_by("name")


def materials() -> dict[str, Material]:
    """Return all materials by code, with their holders."""
    return _materials(catalogue_digest())


@lru_cache(maxsize=4)
def _materials(_digest: str) -> dict[str, Material]:
    return Material.objects.select_related("holder").in_bulk()


def material(code: str) -> Material:
    """
    Return one material.

    :raises KeyError: if the catalogue has no such material.
    """
    return materials()[code]


def items_yielding(code: str) -> list[Item]:
    """Return the items whose result a company without this material can obtain."""
    return list(items().filter(code__in=_makers(catalogue_digest()).get(code, ())))


@lru_cache(maxsize=4)
def _makers(_digest: str) -> dict[str, list[str]]:
    makers: dict[str, list[str]] = {}
    current = ItemVersion.objects.filter(valid_until__isnull=True).values_list(
        "item_id", "definition__result_material", "definition__materials"
    )
    for item, result, needed in current:
        if result not in needed:
            makers.setdefault(result, []).append(item)
    return makers


@lru_cache(maxsize=1024)
def _definition(pk: int, _digest: str) -> Definition:
    return from_json(
        ItemVersion.objects.values_list("definition", flat=True).get(pk=pk)
    )


def definition_of(version: ItemVersion) -> Definition:
    """Return what a version asks for; versions never change, so it is kept."""
    return _definition(version.pk, version.digest)


def item_version(pk: int) -> ItemVersion:
    """Return a version without what it asks for."""
    return _item_version(pk, catalogue_digest())


@lru_cache(maxsize=1024)
def _item_version(pk: int, _digest: str) -> ItemVersion:
    return ItemVersion.objects.defer("definition").get(pk=pk)


def current_version(text: str) -> ItemVersion:
    """
    Return the version in force of the item that a code, number or name names.

    :raises ItemUnknown: with the nearest names, if there is none.
    """
    index = _index(catalogue_digest())
    found = index.find(text)
    if found is None:
        raise ItemUnknown(text, nearest=index.nearest(text))
    versions = ItemVersion.objects.select_related("item").defer("definition")
    return versions.get(item=found.code, valid_until__isnull=True)


def search(text: str, limit: int = 20) -> list[ItemHit]:
    """Return the items that somebody may mean, the likeliest first."""
    return _index(catalogue_digest()).search(text, limit)


@lru_cache(maxsize=2)
def _index(_digest: str) -> Index:
    rows = items().values_list(
        "code", "seq", "name", "name_en", "department__name", "weight", "phrases"
    )
    return Index(Indexed(*row) for row in rows)


@lru_cache(maxsize=4)
def _offices(_digest: str) -> dict[str, Office]:
    return Office.objects.in_bulk()


def office(code: str) -> Office:
    """Return one office."""
    return _offices(catalogue_digest())[code]


def office_for(department: str, district: str, authority_level: str) -> Office:
    """
    Return the office that handles a case of this level in this district.

    City and delegated provincial powers stay with the municipal office; the rest goes
    to the district office where the department has one.

    :raises OfficeUnknown: if the department itself is unknown.
    """
    digest = catalogue_digest()
    codes = [department]
    if district and authority_level in ("district", "vertical"):
        codes.insert(0, f"{department}-{current_code(district, _districts(digest))}")
    found = _offices(digest)
    for code in codes:
        if code in found:
            return found[code]
    raise OfficeUnknown(department)
