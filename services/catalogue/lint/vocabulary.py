"""The closed lists and codes that the catalogue's files use."""

from __future__ import annotations

import re

MATERIAL_CODE = re.compile(r"[A-Z]{1,3}\d{2,6}")
RESULT_CODE = re.compile(r"R\d{3}")  # of results without a material of their own
SLUG = re.compile(r"[a-z][a-z0-9_]{0,30}")

EFFECTS = (
    "require_material",
    "waive_material",
    "any_of_group",
    "handling_instant",
    "handling_promised",
    "inspection_on",
    "inspection_off",
    "commitment_offered",
    "refer_item",
    "not_eligible",
    "other_authority",
    "not_needed",
    "add_promised_days",
    "promised_limit",
    "statutory_days",
    "note_only",
)
OPERATORS = (
    *("found", "not_found", "equals", "differs", "in", "not_in", "contains"),
    *("lt", "le", "gt", "ge", "after", "within_days"),
    *("years_ge", "years_lt", "months_ge", "months_lt"),
)
UNITS = ("working_day", "calendar_day", "month")
SUBJECTS = (
    *("entity", "person", "project", "premises", "vehicle", "device"),
    "other_entity",
)
EVIDENCE_TYPES = (
    *("text", "integer", "decimal", "date", "choice", "boolean", "address"),
    *("person_name", "id_number"),
)
FIELD_TYPES = (
    *("text", "long_text", "integer", "decimal", "date", "choice", "multi_choice"),
    *("boolean", "usc_code", "phone", "address", "person_name", "id_number"),
)
REGISTRY_FACTS = (
    *("legal_name", "uscc", "entity_type", "legal_representative"),
    *("registered_address", "business_scope", "established_on"),
    *("registered_capital", "district", "industry", "phone"),
)
CITY_KEYS = (
    *("city_code", "city_name", "city_name_en", "item_prefix", "licence_material"),
    *("credit_material", "form_materials", "commitment_material"),
)
