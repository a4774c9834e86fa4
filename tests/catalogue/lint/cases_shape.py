"""Ways to break files, cells, keys and references."""

from __future__ import annotations

from tests.catalogue.lint.breaking import Case, Files, Place


def without_file(files: Files) -> Place:
    files.path("popular").unlink()
    return Place("popular.csv", 1)


def not_text(files: Files) -> Place:
    files.path("popular").write_bytes("序号,权重\n".encode("gb18030"))
    return Place("popular.csv", 1)


def uneven(files: Files) -> Place:
    path = files.path("synonyms")
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] += ",surplus"
    path.write_text("\n".join(lines), encoding="utf-8")
    return Place("synonyms.csv", 3)


def two_lines_in_a_cell(files: Files) -> Place:
    path = files.path("guides")
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("已取得营业执照", '"已取得\n营业执照"', 1)
    lines[2] += ",surplus"
    path.write_text("\n".join(lines), encoding="utf-8")
    return Place("guides.csv", 4)


def renumbered(files: Files) -> Place:
    return files.edit(
        "evidence_attributes",
        {"material_code": "W005", "attribute_code": "location"},
        attribute_code="Location",
    )


def without_guide(files: Files) -> Place:
    files.drop("guides", {"item_seq": "5"})
    return files.place("items", {"seq": "5"})


def without_city_key(files: Files) -> Place:
    files.drop("city", {"key": "credit_material"})
    return Place("city.csv", 1)


SHAPE = [
    Case("missing_file", without_file),
    Case("not_utf8", not_text),
    Case("uneven_row", uneven),
    Case("uneven_row", two_lines_in_a_cell, "a cell of two lines"),
    Case(
        "missing_column",
        lambda f: f.header("popular", lambda header: header[:-1]),
    ),
    Case(
        "unknown_column",
        lambda f: f.header("popular", lambda header: [*header, "remark"]),
    ),
    Case("blank_value", lambda f: f.edit("items", {"seq": "1"}, legal_basis=" ")),
    Case("missing_english", lambda f: f.edit("items", {"seq": "2"}, name_en="")),
    Case(
        "chinese_in_english",
        lambda f: f.edit("materials", {"code": "W022"}, name_en="Floor 图"),
    ),
    Case("not_a_number", lambda f: f.edit("items", {"seq": "1"}, promised_days="八")),
    Case(
        "not_a_number",
        lambda f: f.edit("popular", {"item_seq": "1"}, weight="-1"),
        "a negative weight",
    ),
    Case("not_a_choice", lambda f: f.edit("items", {"seq": "1"}, handling_type="快办")),
    Case(
        "not_a_choice",
        lambda f: f.edit("items_extra", {"item_seq": "1"}, delivery="电子;传真"),
        "one of several choices",
    ),
    Case("bad_code", renumbered),
    Case(
        "bad_code",
        lambda f: f.add("materials", {"code": "W022"}, code="R001", name="图纸"),
        "a code reserved for results",
    ),
    Case(
        "unknown_item",
        lambda f: f.edit("synonyms", {"phrase": "广场演出"}, item_seq="99"),
    ),
    Case(
        "unknown_item",
        lambda f: f.edit("life_events", {"order": "3"}, depends_on="1;77"),
        "an item in a list",
    ),
    Case(
        "unknown_material",
        lambda f: f.edit("items", {"seq": "4"}, materials="W001;W020;W023;W008;W999"),
    ),
    Case(
        "unknown_department",
        lambda f: f.edit("items", {"seq": "4"}, department="市文化局"),
    ),
    Case(
        "unknown_department",
        lambda f: f.edit("holders", {"material_code": "W031"}, department="cloud"),
        "a department's code",
    ),
    Case(
        "unknown_group",
        lambda f: f.edit("item_alternatives", {"item_seq": "3"}, group_code="G_X"),
    ),
    Case(
        "unknown_district",
        lambda f: f.edit("districts", {"code": "990103"}, successor="990109"),
    ),
    Case(
        "duplicate_row", lambda f: f.add("synonyms", {"phrase": "开酒坊"}, weight="0.5")
    ),
    Case(
        "duplicate_row",
        lambda f: f.add("items", {"seq": "5"}, name="另一项"),
        "an item",
    ),
    Case("missing_city_key", without_city_key),
    Case(
        "unknown_option",
        lambda f: f.edit("effects", {"effect": "note_only"}, option_code="dance"),
    ),
    Case("item_without_row", without_guide),
    Case(
        "government_without_department",
        lambda f: f.edit("materials", {"code": "W008"}, issuer_department=""),
    ),
    Case(
        "others_with_department",
        lambda f: f.edit("materials", {"code": "W022"}, issuer_department="市商贸局"),
    ),
    Case(
        "duplicate_name",
        lambda f: f.edit("materials", {"code": "W023"}, name="场所平面图"),
    ),
    Case(
        "unknown_material",
        lambda f: f.edit("city", {"key": "credit_material"}, value="W999"),
        "a material of the city",
    ),
]
