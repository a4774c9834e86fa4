"""Ways to break what options do, links, and any-of groups."""

from __future__ import annotations

from tests.catalogue.lint.breaking import Case, Files, Place

COMMIT = {"item_seq": "1", "question_code": "commitment", "option_code": "yes"}
HOME = {"item_seq": "1", "question_code": "output", "option_code": "home"}
LARGE = {**HOME, "option_code": "large"}
FAIR = {"item_seq": "3", "question_code": "place", "option_code": "fair"}
ABROAD = {**FAIR, "option_code": "abroad"}
OWN = {"item_seq": "1", "question_code": "premises", "option_code": "own"}


def effect(where: dict[str, str], kind: str) -> dict[str, str]:
    return {**where, "effect": kind}


def link(item: str, material: str) -> dict[str, str]:
    return {"item_seq": item, "material_code": material}


def both_ways(files: Files) -> Place:
    files.add("effects", effect(COMMIT, "inspection_off"), effect="inspection_on")
    files.drop("effects", effect(COMMIT, "handling_instant"))
    return files.place("effects", effect(COMMIT, "commitment_offered"))


def both_asked_and_waived(files: Files) -> Place:
    files.edit("effects", effect(COMMIT, "waive_material"), value="W031")
    files.edit("effects", effect(COMMIT, "require_material"), value="W021;W031")
    return files.place("effects", effect(COMMIT, "commitment_offered"))


def default_stops(files: Files) -> Place:
    files.edit("situations", {**HOME, "option_code": "small"}, default="0")
    return files.edit("situations", HOME, default="1")


def stop_unexplained(files: Files) -> Place:
    files.drop("not_accepted", HOME)
    return files.place("effects", effect(HOME, "not_needed"))


def days_missing(files: Files) -> Place:
    files.drop("effects", effect(FAIR, "add_promised_days"))
    return files.place("effects", effect(FAIR, "require_material"))


def days_without_promise(files: Files) -> Place:
    files.drop("effects", effect(FAIR, "handling_promised"))
    return files.place("effects", effect(FAIR, "require_material"))


def waives_unlisted(files: Files) -> Place:
    return files.edit("effects", effect(OWN, "waive_material"), value="W030;W008")


def link_missing(files: Files) -> Place:
    files.drop("item_materials", link("4", "W008"))
    return files.place("items", {"seq": "4"})


def licence_missing(files: Files) -> list[Place]:
    return [files.edit("item_materials", link("4", "W001"), key="0")]


def without_commitment(files: Files) -> Place:
    files.edit("item_materials", link("1", "W031"), commit_ok="0", commit_kind="")
    return files.place("effects", effect(COMMIT, "waive_material"))


def no_commitment_allowed(files: Files) -> Place:
    files.edit("items", {"seq": "1"}, commitment_allowed="0")
    files.edit("item_materials", link("1", "W031"), commit_kind="proof")
    return files.place("effects", effect(COMMIT, "commitment_offered"))


def permit_commitment(files: Files) -> Place:
    return files.edit(
        "item_materials", link("4", "W023"), commit_ok="1", commit_kind="permit"
    )


def fetched_after_asked(files: Files) -> Place:
    group = {"group_code": "G_PLACE"}
    for material, order in (("W030", "1"), ("W006", "2")):
        files.edit("alternatives", {**group, "member_material": material}, order=order)
    files.add("alternatives", {**group, "member_material": "W006"}, order="3")
    files.drop("alternatives", {**group, "member_material": "W006", "order": "2"})
    files.edit("alternatives", {**group, "member_material": "W006"}, order="2")
    for item in ("1", "5"):
        files.edit("item_alternatives", {"item_seq": item}, listed_members="W030;W006")
    return files.place("alternatives", {**group, "member_material": "W006"})


EFFECTS = [
    Case(
        "effect_value",
        lambda f: f.edit("effects", effect(LARGE, "inspection_on"), value="W001"),
    ),
    Case(
        "effect_value",
        lambda f: f.edit("effects", effect(LARGE, "add_promised_days"), value="0"),
        "no days",
    ),
    Case(
        "effect_value",
        lambda f: f.edit("effects", {"effect": "statutory_days"}, value="30 days"),
        "an unknown unit",
    ),
    Case(
        "effect_value",
        lambda f: f.edit("effects", {"effect": "refer_item"}, value="2"),
        "an item that refers to itself",
    ),
    Case(
        "effect_value",
        lambda f: f.edit("effects", {"effect": "any_of_group"}, value="G_NONE"),
        "an unknown group",
    ),
    Case(
        "effect_value",
        lambda f: f.edit(
            "effects",
            effect(LARGE, "add_promised_days"),
            effect="promised_limit",
            value="8",
        ),
        "a limit that limits nothing",
    ),
    Case("waives_unlisted", waives_unlisted),
    Case(
        "waives_licence",
        lambda f: f.edit("effects", effect(OWN, "waive_material"), value="W001;W030"),
    ),
    Case("contradiction", both_ways, "two inspections"),
    Case("contradiction", both_asked_and_waived, "required and waived"),
    Case("default_stops", default_stops),
    Case("stop_unexplained", stop_unexplained),
    Case(
        "stop_differs",
        lambda f: f.edit("not_accepted", ABROAD, authority="省级部门"),
    ),
    Case(
        "stop_differs",
        lambda f: f.edit("not_accepted", {"use_item": "1"}, use_item="3"),
        "another item",
    ),
    Case("days_missing", days_missing),
    Case("days_without_promise", days_without_promise),
    Case(
        "unnamed_check",
        lambda f: f.edit(
            "effects", {"effect": "note_only"}, reason="相关证明由系统核验。"
        ),
    ),
    Case("commitment_not_allowed", no_commitment_allowed),
    Case(
        "nothing_required",
        lambda f: f.edit(
            "effects", effect(COMMIT, "require_material"), value="W021;W022"
        ),
    ),
    Case("link_missing", link_missing),
    Case(
        "link_unused",
        lambda f: f.add("item_materials", link("1", "W022"), item_seq="2"),
    ),
    Case(
        "link_source",
        lambda f: f.edit("item_materials", link("3", "W007"), source="base"),
    ),
    Case("licence_missing", licence_missing),
    Case(
        "commit_to_key",
        lambda f: f.edit("item_materials", link("1", "W006"), key="1"),
    ),
    Case(
        "commit_kind",
        lambda f: f.edit("item_materials", link("1", "W006"), commit_kind=""),
    ),
    Case("permit_commitment", permit_commitment),
    Case("waived_without_commitment", without_commitment),
    Case(
        "deferred_key",
        lambda f: f.edit("item_materials", link("1", "W022"), key="1"),
    ),
    Case(
        "subject_field",
        lambda f: f.edit("item_materials", link("4", "W008"), subject_field=""),
    ),
    Case(
        "unknown_field",
        lambda f: f.edit("item_materials", link("4", "W008"), subject_field="head"),
    ),
    Case(
        "trust_level",
        lambda f: f.edit("item_materials", link("4", "W023"), trust_level="C"),
    ),
    Case(
        "lone_member",
        lambda f: f.add(
            "alternatives", {"member_material": "W008"}, group_code="G_NEW"
        ),
    ),
    Case(
        "group_order",
        lambda f: f.edit("alternatives", {"member_material": "W002"}, order="3"),
    ),
    Case(
        "group_name",
        lambda f: f.edit("alternatives", {"member_material": "W002"}, name="身份"),
    ),
    Case(
        "asked_too_soon",
        lambda f: f.edit(
            "alternatives", {"member_material": "W030"}, asked_of_applicant_only_if=""
        ),
    ),
    Case("fetched_after_asked", fetched_after_asked),
    Case(
        "listed_members",
        lambda f: f.edit("item_alternatives", {"item_seq": "3"}, listed_members="W002"),
    ),
    Case(
        "too_few_listed",
        lambda f: f.add(
            "item_alternatives", {"item_seq": "3"}, item_seq="4", basis="listed"
        ),
    ),
]
