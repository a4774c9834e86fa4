"""Ways to ask an applicant for what government issued, and other wrong holders."""

from __future__ import annotations

from tests.catalogue.lint.breaking import Case, Files, Place


def link(item: str, material: str) -> dict[str, str]:
    return {"item_seq": item, "material_code": material}


def nobody_holds(files: Files) -> Place:
    files.edit("departments", {"code": "wtj"}, holds="")
    return files.place("materials", {"code": "W007"})


def no_attributes(files: Files) -> Place:
    for code in ("status", "checked_on", "records"):
        files.drop(
            "evidence_attributes", {"material_code": "W003", "attribute_code": code}
        )
    return files.place("materials", {"code": "W003"})


def a_copy_as_field(files: Files) -> Place:
    return files.edit(
        "form_fields",
        {"item_seq": "4", "field_code": "date"},
        field_code="title_copy",
        label="房屋权属证书扫描件",
    )


SUBMISSION = [
    Case(
        "submitted_by_applicant",
        lambda f: f.edit("materials", {"code": "W006"}, obtain_mode="申请人提供"),
    ),
    Case(
        "government_as_form",
        lambda f: f.edit("city", {"key": "form_materials"}, value="W020;W008"),
    ),
    Case(
        "alternative_asks",
        lambda f: f.edit(
            "alternatives",
            {"member_material": "W002"},
            asked_of_applicant_only_if="others_not_found",
        ),
    ),
    Case(
        "reason_asks",
        lambda f: f.edit(
            "effects",
            {"item_seq": "3", "effect": "require_material"},
            reason="请提交《露天演出备案凭证》。",
        ),
    ),
    Case(
        "reason_asks",
        lambda f: f.edit(
            "effects",
            {"item_seq": "3", "effect": "require_material"},
            reason="须有露天演出备案凭证。",
        ),
        "a reason that does not say who provides it",
    ),
    Case(
        "text_asks",
        lambda f: f.edit(
            "guides", {"item_seq": "3"}, faq_a1="线下办理的，请携带酒坊经营许可证。"
        ),
    ),
    Case(
        "text_asks",
        lambda f: f.edit(
            "effects", {"effect": "note_only"}, reason="您须提交房屋权属证书复印件。"
        ),
        "a note",
    ),
    Case("field_asks", a_copy_as_field),
    Case(
        "deferrable_government",
        lambda f: f.edit("item_materials", link("4", "W008"), deferrable="1"),
    ),
    Case(
        "no_reason",
        lambda f: f.edit("item_materials", link("4", "W008"), reason_not_required=""),
    ),
    Case(
        "reason_for_applicant",
        lambda f: f.edit(
            "item_materials", link("4", "W023"), reason_not_required="无需提交。"
        ),
    ),
    Case(
        "holds_others",
        lambda f: f.edit("departments", {"code": "wtj"}, holds="W007;W004"),
    ),
    Case("nobody_holds", nobody_holds),
    Case(
        "bad_pattern",
        lambda f: f.edit(
            "departments", {"code": "smj"}, district_name_pattern="区商贸分局"
        ),
    ),
    Case(
        "copy_without_hub",
        lambda f: f.edit("departments", {"code": "xfd"}, snapshot_hours="4"),
    ),
    Case(
        "successor_missing",
        lambda f: f.edit("districts", {"code": "990103"}, successor=""),
    ),
    Case(
        "successor_of_current",
        lambda f: f.edit("districts", {"code": "990102"}, successor="990101"),
    ),
    Case(
        "attribute_of_unheld",
        lambda f: f.add(
            "evidence_attributes",
            {"material_code": "W005", "attribute_code": "issued_on"},
            material_code="W022",
        ),
    ),
    Case(
        "personal_not_marked",
        lambda f: f.edit(
            "evidence_attributes",
            {"material_code": "W008", "attribute_code": "id_no"},
            personal="0",
        ),
    ),
    Case(
        "idle_department",
        lambda f: f.add(
            "departments",
            {"code": "wtj"},
            code="gyj",
            name="市公园局",
            holds="",
        ),
    ),
    Case("no_attributes", no_attributes),
    Case(
        "no_holder",
        lambda f: f.edit("materials", {"code": "W030"}, obtain_mode="数据核验"),
    ),
    Case(
        "holder_of_upload",
        lambda f: f.add("holders", {"material_code": "W031"}, material_code="W030"),
    ),
]
