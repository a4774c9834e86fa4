"""The catalogue's files with the indexes that composing and linting need. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from services.catalogue.city import City, District, city_from, district_from
from services.catalogue.definition import GOVERNMENT_ISSUED
from services.catalogue.files import Row, Tables

COMMON = "0"  # the item number of what belongs to every item
BY_ITEM = (
    "item_materials",
    "situations",
    "effects",
    "auto_rules",
    "item_alternatives",
    "form_fields",
    "not_accepted",
)


@dataclass(frozen=True)
class Catalogue:
    """The files with the indexes that composing needs."""

    tables: Tables

    @cached_property
    def city(self) -> City:
        return city_from({r["key"]: r["value"] for r in self.tables["city"]})

    @cached_property
    def districts(self) -> list[District]:
        return [district_from(row) for row in self.tables["districts"]]

    @cached_property
    def effects(self) -> dict[tuple[str, ...], list[Row]]:
        """Return the effects of each option: item, question, option."""
        return self.tables["effects"].grouped(
            "item_seq", "question_code", "option_code"
        )

    @cached_property
    def government_names(self) -> list[str]:
        """Return how people call what government issues, without the brackets."""
        return [
            row["name"].partition("（")[0]
            for row in self.materials.values()
            if row["kind"] == GOVERNMENT_ISSUED
        ]

    @cached_property
    def departments(self) -> dict[str, Row]:
        """Return the departments by name, as items and materials call them."""
        return {row["name"]: row for row in self.tables["departments"]}

    @cached_property
    def department_names(self) -> dict[str, str]:
        return {row["code"]: row["name"] for row in self.tables["departments"]}

    @cached_property
    def items(self) -> dict[str, Row]:
        return {row["seq"]: row for row in self.tables["items"]}

    @cached_property
    def attributes(self) -> set[tuple[str, str]]:
        """Return what departments answer: material and attribute."""
        rows = self.tables["evidence_attributes"]
        return {(row["material_code"], row["attribute_code"]) for row in rows}

    @cached_property
    def field_codes(self) -> set[tuple[str, str]]:
        """Return the form's fields: item and field."""
        rows = self.tables["form_fields"]
        return {(row["item_seq"], row["field_code"]) for row in rows}

    @cached_property
    def materials(self) -> dict[str, Row]:
        return {row["code"]: row for row in self.tables["materials"]}

    @cached_property
    def holders(self) -> dict[str, str]:
        """Return the department code that answers for each material that has one."""
        holders = {
            code: self.departments[row["issuer_department"]]["code"]
            for code, row in self.materials.items()
            if row["kind"] == GOVERNMENT_ISSUED
        }
        for row in self.tables["holders"]:
            holders[row["material_code"]] = row["department"]
        return holders

    @cached_property
    def results(self) -> dict[str, str]:
        """Return the material that the result of each item becomes, by item number."""
        by_name = {row["name"]: code for code, row in self.materials.items()}
        alias = {
            row["seq"]: row["material_code"] for row in self.tables["result_alias"]
        }
        return {
            row["seq"]: alias.get(row["seq"])
            or by_name.get(row["result_document"])
            or f"R{int(row['seq']):03d}"
            for row in self.tables["items"]
        }

    @cached_property
    def making(self) -> dict[str, list[str]]:
        """
        Return the item numbers that yield each material to a company that has none.

        A renewal or amendment needs what it yields, so it is no way to begin.
        """
        makers: dict[str, list[str]] = {}
        for row in self.tables["items"]:
            result = self.results[row["seq"]]
            if result not in row.many("materials"):
                makers.setdefault(result, []).append(row["seq"])
        return makers

    @cached_property
    def makers(self) -> dict[str, tuple[str, ...]]:
        """Return the item codes that yield each material, as `making`."""
        return {
            material: tuple(self.item_code(seq) for seq in numbers)
            for material, numbers in self.making.items()
        }

    @cached_property
    def members(self) -> dict[tuple[str, ...], list[Row]]:
        return self.tables["alternatives"].grouped("group_code")

    @cached_property
    def of_item(self) -> dict[str, dict[tuple[str, ...], list[Row]]]:
        """Return the rows of each item, for the files that are keyed by item."""
        return {name: self.tables[name].grouped("item_seq") for name in BY_ITEM}

    @cached_property
    def extras(self) -> dict[tuple[str, ...], Row]:
        return self.tables["items_extra"].by("item_seq")

    @cached_property
    def guides(self) -> dict[tuple[str, ...], Row]:
        return self.tables["guides"].by("item_seq")

    def rows(self, name: str, seq: str) -> list[Row]:
        """Return the rows of one file that belong to one item."""
        return self.of_item[name].get((seq,), [])

    def item_code(self, seq: str) -> str:
        """Return the public code of an item number."""
        return self.city.item_code(int(seq))

    def how(self, material: str) -> str:
        """Return the way in which a material reaches the case."""
        if material in self.holders:
            return "exchange"
        if material in self.city.form_materials:
            return "form"
        return "sign" if material == self.city.commitment_material else "upload"
