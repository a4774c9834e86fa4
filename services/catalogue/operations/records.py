"""What a load writes beside the versions of items: one statement per table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Manager

from services.catalogue.files import Row
from services.catalogue.models import Department, Item, LifeEvent, Material, Office
from services.catalogue.source import COMMON, Catalogue


@dataclass(frozen=True)
class Records:
    """The values of every row, by table, as plain as JSON."""

    city: dict[str, str]
    districts: list[dict[str, str]]
    departments: list[dict[str, Any]]
    offices: list[dict[str, Any]]
    materials: list[dict[str, Any]]
    items: list[dict[str, Any]]
    events: list[dict[str, Any]]

    def plain(self) -> dict[str, Any]:
        """Return everything as one JSON-ready value."""
        return vars(self)


def compose_records(catalogue: Catalogue) -> Records:
    """Return the rows of a catalogue that has no problems."""
    return Records(
        city={row["key"]: row["value"] for row in catalogue.tables["city"]},
        districts=[dict(row) for row in catalogue.tables["districts"]],
        departments=[_department(row) for row in catalogue.tables["departments"]],
        offices=_offices(catalogue),
        materials=_materials(catalogue),
        items=_items(catalogue),
        events=_events(catalogue),
    )


def store(records: Records, *, today: date) -> int:
    """Write all rows; return how many items were withdrawn. Caller's transaction."""
    _upsert(Department.objects, records.departments)
    _upsert(Office.objects, records.offices)
    _upsert(Material.objects, records.materials)
    kept = {row["code"] for row in records.materials}
    Material.objects.exclude(code__in=kept).delete()
    # Withdrawn first: a new item may take the number of one that goes.
    codes = {row["code"] for row in records.items}
    gone = Item.objects.filter(withdrawn_on__isnull=True).exclude(code__in=codes)
    withdrawn = gone.update(withdrawn_on=today)
    _upsert(Item.objects, [{**row, "withdrawn_on": None} for row in records.items])
    LifeEvent.objects.all().delete()
    _upsert(LifeEvent.objects, records.events)
    return withdrawn


def _upsert(table: Manager[Any], rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    table.bulk_create(
        [table.model(**row) for row in rows],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[name for name in rows[0] if name != "code"],
    )


def _department(row: Row) -> dict[str, Any]:
    same = ("code", "name", "name_en", "full_name", "system", "duty_phone")
    return {name: row[name] for name in same} | {
        "via_hub": row["via_hub"] == "1",
        "snapshot_hours": int(row["snapshot_hours"]),
    }


def _offices(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Return each department's municipal office and one for each current district."""
    offices = []
    for row in catalogue.tables["departments"]:
        code, pattern = row["code"], row["district_name_pattern"]
        offices.append(_office(code, "", row["full_name"]))
        offices += [
            _office(code, place.code, pattern.replace("{district}", place.name))
            for place in catalogue.districts
            if pattern and not place.abolished
        ]
    return offices


def _office(department: str, district: str, name: str) -> dict[str, Any]:
    return {
        "code": f"{department}-{district}" if district else department,
        "department_id": department,
        "district": district,
        "name": name,
    }


def _materials(catalogue: Catalogue) -> list[dict[str, Any]]:
    attributes = catalogue.tables["evidence_attributes"].grouped("material_code")
    same = ("code", "name", "name_en", "kind", "obtain_mode", "description")
    return [
        {name: row[name] for name in same}
        | {
            "holder_id": catalogue.holders.get(row["code"]),
            "validity_months": int(row["validity_months"] or 0) or None,
            "attributes": [_attribute(a) for a in attributes.get((row["code"],), [])],
        }
        for row in catalogue.tables["materials"]
    ]


def _attribute(row: Row) -> dict[str, Any]:
    same = ("label", "label_en", "type", "example", "pattern")
    return (
        {"code": row["attribute_code"]}
        | {name: row[name] for name in same}
        | {"personal": row["personal"] == "1"}
    )


def _items(catalogue: Catalogue) -> list[dict[str, Any]]:
    weights = {r["item_seq"]: float(r["weight"]) for r in catalogue.tables["popular"]}
    others = sum(r["seq"] not in weights for r in catalogue.tables["items"])
    share = round(weights.get(COMMON, 1) / max(others, 1), 3)
    phrases = catalogue.tables["synonyms"].grouped("item_seq")
    return [
        {
            "code": catalogue.item_code(row["seq"]),
            "seq": int(row["seq"]),
            "name": row["name"],
            "name_en": row["name_en"],
            "department_id": catalogue.departments[row["department"]]["code"],
            "weight": weights.get(row["seq"], share),
            "phrases": [
                [phrase["phrase"], float(phrase["weight"])]
                for phrase in phrases.get((row["seq"],), [])
            ],
        }
        for row in catalogue.tables["items"]
    ]


def _events(catalogue: Catalogue) -> list[dict[str, Any]]:
    bundles = catalogue.tables["life_events"].grouped("event_code")
    return [
        {
            "code": code,
            "name": rows[0]["name"],
            "name_en": rows[0]["name_en"],
            "steps": [
                {
                    "item": catalogue.item_code(row["item_seq"]),
                    "order": int(row["order"]),
                    "depends_on": [
                        catalogue.item_code(seq) for seq in row.many("depends_on")
                    ],
                    "note": row["note"],
                }
                for row in sorted(rows, key=lambda r: int(r["order"]))
            ],
        }
        for (code,), rows in bundles.items()
    ]
