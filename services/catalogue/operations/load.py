"""Load the catalogue's files: all of it or nothing, and each change a new version."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from services.catalogue.compose import compose_item
from services.catalogue.definition import to_json
from services.catalogue.files import digest
from services.catalogue.lint import refuse_problems
from services.catalogue.models import CatalogueVersion, ItemVersion
from services.catalogue.operations import records
from services.catalogue.source import Catalogue
from services.common.actors import SYSTEM, Actor
from services.ledger.entry import Entry
from services.ledger.operations.record import record


class LoadReport(NamedTuple):
    """What a load changed."""

    items: int
    new_versions: int = 0
    withdrawn: int = 0
    changed: bool = False


def load_catalogue(
    *, directory: Path, now: datetime, actor: Actor = SYSTEM
) -> LoadReport:
    """
    Load a catalogue; write nothing if it is the one in force.

    :raises CatalogueRefused: with every problem, if any file or row is wrong.
    """
    catalogue = Catalogue(refuse_problems(directory))
    definitions = [compose_item(catalogue, row) for row in catalogue.tables["items"]]
    loaded = records.compose_records(catalogue)
    stored = {d.code: to_json(d) for d in definitions}
    digests = {code: digest(_canonical(value)) for code, value in stored.items()}
    whole = digest(_canonical([loaded.plain(), digests]))
    with transaction.atomic():
        if _in_force() == whole:
            return LoadReport(items=len(definitions))
        withdrawn = records.store(loaded, today=timezone.localdate(now))
        changed = _publish_versions(stored, digests, now=now)
        CatalogueVersion.objects.create(
            digest=whole, loaded_at=now, city=loaded.city, districts=loaded.districts
        )
        report = LoadReport(len(definitions), changed, withdrawn, changed=True)
        record(_entry(report, whole, actor), at=now)
    return report


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _in_force() -> str:
    newest = CatalogueVersion.objects.order_by("-pk").values_list("digest", flat=True)
    return newest.first() or ""


def _publish_versions(
    stored: dict[str, dict[str, object]], digests: dict[str, str], *, now: datetime
) -> int:
    numbers: dict[str, int] = {}
    current: dict[str, tuple[int, str]] = {}
    rows = ItemVersion.objects.values_list(
        "pk", "item_id", "number", "digest", "valid_until"
    )
    for pk, code, number, item_digest, valid_until in rows:
        numbers[code] = max(number, numbers.get(code, 0))
        if valid_until is None:
            current[code] = (pk, item_digest)
    ended = [pk for code, (pk, old) in current.items() if digests.get(code) != old]
    ItemVersion.objects.filter(pk__in=ended).update(valid_until=now)
    changed = [
        code for code, new in digests.items() if current.get(code, (0, ""))[1] != new
    ]
    ItemVersion.objects.bulk_create(
        ItemVersion(
            item_id=code,
            number=numbers.get(code, 0) + 1,
            digest=digests[code],
            definition=stored[code],
            valid_from=now,
        )
        for code in changed
    )
    return len(changed)


def _entry(report: LoadReport, whole: str, actor: Actor) -> Entry:
    return Entry(
        type="catalogue.published",
        actor=actor,
        details={
            "catalogue": whole,
            "items": report.items,
            "new_versions": report.new_versions,
            "withdrawn": report.withdrawn,
        },
    )
