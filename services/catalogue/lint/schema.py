"""What each file of the catalogue must look like: columns, keys and references."""

from __future__ import annotations

from services.catalogue.lint.columns import (
    Column,
    Shape,
    choice,
    choices,
    english,
    flag,
    free,
    number,
    ref,
    slug,
    text,
)
from services.catalogue.lint.vocabulary import (
    CITY_KEYS,
    EFFECTS,
    EVIDENCE_TYPES,
    FIELD_TYPES,
    OPERATORS,
    SUBJECTS,
    UNITS,
)

ITEM = ref("item_seq", "item")
OPTION = (ITEM, *slug("question_code", "option_code"))

SHAPES: dict[str, Shape] = {
    "city": Shape(("key",), (choice("key", *CITY_KEYS), *text("value"))),
    "districts": Shape(
        ("code",),
        (
            Column("code", "district_code"),
            *text("name"),
            *english("name_en"),
            *flag("abolished"),
            ref("successor", "district", required=False),
        ),
    ),
    "departments": Shape(
        ("code",),
        (
            *slug("code"),
            *text("name", "full_name", "level", "system", "duty_phone"),
            *english("name_en"),
            *free("district_name_pattern"),
            ref("holds", "material", required=False, many=True),
            *flag("via_hub", "vertical"),
            *number("snapshot_hours"),
        ),
    ),
    "materials": Shape(
        ("code",),
        (
            Column("code", "material_code"),
            *text("name", "description"),
            *english("name_en"),
            choice("kind", "government_issued", "applicant_made", "third_party"),
            ref("issuer_department", "department_name", required=False),
            choice(
                "obtain_mode",
                *("电子证照", "数据核验", "批文共享", "申请人提供", "告知承诺"),
            ),
            *number("validity_months", required=False),
        ),
    ),
    "holders": Shape(
        ("material_code",),
        (ref("material_code", "material"), ref("department", "department_code")),
    ),
    "evidence_attributes": Shape(
        ("material_code", "attribute_code"),
        (
            ref("material_code", "material"),
            *slug("attribute_code"),
            *text("label", "example"),
            *english("label_en"),
            choice("type", *EVIDENCE_TYPES),
            *free("pattern"),
            *flag("personal"),
        ),
    ),
    "items": Shape(
        ("seq",),
        (
            *number("seq", "statutory_days", "promised_days"),
            *text("name", "item_type", "industry", "legal_basis", "result_document"),
            *english("name_en"),
            ref("department", "department_name"),
            choice("handling_type", "即办件", "承诺件"),
            *flag("commitment_allowed", "fee", "inspection_required"),
            *free("situation_hints", "confidence"),
            ref("materials", "material", many=True),
        ),
    ),
    "items_extra": Shape(
        ("item_seq",),
        (
            ITEM,
            choice(
                "authority_level", "city", "district", "province_delegated", "vertical"
            ),
            choice(
                "jurisdiction",
                *("place_of_business", "registered_address", "project_site"),
                *("vehicle_registration", "city_wide"),
            ),
            choice("acceptance_mode", "window_delegated", "department", "online_only"),
            choice("statutory_unit", *UNITS),
            choice("promised_unit", "working_day"),
            *number("statutory_value", "promised_value", "before_visits"),
            *number("before_windows", "before_days", "before_materials"),
            *flag("visits_now", "deemed_renewal", "hearing_required"),
            *free("fee_standard", "national_list_no", "core_law_checked"),
            choice("review_route", "instant_auto", "one_level", "two_level"),
            choices(
                "special_procedures",
                *("inspection", "hearing", "expert_review", "testing"),
            ),
            choice("certificate_form", "证", "批文", "备案凭证", "回执", "登记", "无"),
            choices("delivery", "电子", "窗口", "邮寄"),
            *text("source_note"),
        ),
    ),
    "guides": Shape(
        ("item_seq",),
        (
            ITEM,
            *text("conditions", "flow", "faq_q1", "faq_a1", "faq_q2", "faq_a2"),
            *free("special_note"),
        ),
    ),
    "item_materials": Shape(
        ("item_seq", "material_code"),
        (
            ITEM,
            ref("material_code", "material"),
            *free("display_name", "subject_field", "reason_not_required"),
            *flag("key", "commit_ok", "deferrable"),
            choice("commit_kind", "proof", "permit", required=False),
            choice("subject", *SUBJECTS),
            choice("trust_level", "A", "B", "C", "D"),
            choice("source", "base", "situation", "fallback"),
        ),
    ),
    "situations": Shape(
        ("item_seq", "question_code", "option_code"),
        (
            *OPTION,
            *text("question", "option"),
            *english("question_en", "option_en"),
            choice("answer_kind", "single", "multi", "boolean"),
            *flag("default"),
            *free("auto_source", "note"),
        ),
    ),
    "effects": Shape(
        ("item_seq", "question_code", "option_code", "effect", "value"),
        (
            *OPTION,
            choice("effect", *EFFECTS),
            *free("value"),
            *text("reason"),
            *english("reason_en"),
        ),
    ),
    "not_accepted": Shape(
        ("item_seq", "question_code", "option_code"),
        (
            *OPTION,
            *text("option", "reason"),
            choice(
                "kind",
                *("not_eligible", "other_authority", "not_needed", "use_other_item"),
            ),
            choice(
                "authority_level",
                *("province", "national", "district", "other"),
                required=False,
            ),
            *free("authority"),
            ref("use_item", "item", required=False),
        ),
    ),
    "auto_rules": Shape(
        ("item_seq", "question_code", "option_code"),
        (
            *OPTION,
            *text("source"),
            choice("operator", *OPERATORS),
            *free("value", "conditions"),
            choice("strength", "decides", "suggests"),
        ),
    ),
    "alternatives": Shape(
        ("group_code", "member_material"),
        (
            *text("group_code", "name"),
            *english("name_en"),
            ref("member_material", "material"),
            *number("order"),
            choice("asked_of_applicant_only_if", "others_not_found", required=False),
        ),
    ),
    "item_alternatives": Shape(
        ("item_seq", "group_code"),
        (
            ITEM,
            ref("group_code", "group"),
            choice("basis", "listed", "fallback"),
            ref("listed_members", "material", many=True),
        ),
    ),
    "form_fields": Shape(
        ("item_seq", "field_code"),
        (
            ref("item_seq", "item_or_common"),
            *slug("field_code"),
            *text("label", "help"),
            *english("label_en"),
            choice("type", *FIELD_TYPES),
            *flag("required"),
            *free("unit", "prefill", "choices", "validation"),
        ),
    ),
    "result_alias": Shape(
        ("seq",),
        (
            ref("seq", "item"),
            *text("item_name", "result_document", "material_name"),
            ref("material_code", "material"),
        ),
    ),
    "synonyms": Shape(
        ("phrase", "item_seq"), (*text("phrase"), ITEM, Column("weight", "decimal"))
    ),
    "life_events": Shape(
        ("event_code", "item_seq"),
        (
            *slug("event_code"),
            *text("name"),
            *english("name_en"),
            ITEM,
            *number("order"),
            ref("depends_on", "item", required=False, many=True),
            *free("note"),
        ),
    ),
    "popular": Shape(
        ("item_seq",),
        (
            ref("item_seq", "item_or_common"),
            Column("weight", "decimal"),
            *text("basis"),
        ),
    ),
    "negative_list": Shape(("word",), text("word", "why", "basis")),
    "negative_list_exceptions": Shape(
        ("item_seq", "part", "code"),
        (ITEM, choice("part", "field", "question"), *slug("code"), *text("basis")),
    ),
}
