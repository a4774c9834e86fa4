"""Composes the definition of an item from the catalogue's files. Pure."""

from __future__ import annotations

from services.catalogue.definition import (
    Definition,
    Effect,
    Field,
    Group,
    MaterialLink,
    Member,
    Option,
    Question,
    Rule,
)
from services.catalogue.files import Row
from services.catalogue.rule_links import rule_rows
from services.catalogue.source import COMMON, Catalogue

CONFIRM_MARK = "须由窗口人员确认"


def compose_item(catalogue: Catalogue, item: Row) -> Definition:
    """Return the definition of one item of items.csv."""
    seq = item["seq"]
    extra = catalogue.extras[(seq,)]
    guide = catalogue.guides[(seq,)]
    department = catalogue.departments[item["department"]]
    result = catalogue.results[seq]
    return Definition(
        code=catalogue.item_code(seq),
        seq=int(seq),
        name=item["name"],
        name_en=item["name_en"],
        department=department["code"],
        department_name=department["name"],
        item_type=item["item_type"],
        industry=item["industry"],
        legal_basis=item["legal_basis"],
        instant=item["handling_type"] == "即办件",
        promised_days=int(item["promised_days"]),
        statutory_unit=extra["statutory_unit"],
        statutory_value=int(extra["statutory_value"]),
        commitment_allowed=item["commitment_allowed"] == "1",
        fee=item["fee"] == "1",
        fee_standard=extra["fee_standard"],
        inspection=item["inspection_required"] == "1",
        hints=item["situation_hints"],
        confidence=item["confidence"],
        result_name=item["result_document"],
        result_material=result,
        result_validity_months=_months(catalogue.materials.get(result)),
        certificate_form=extra["certificate_form"],
        delivery=extra.many("delivery"),
        authority_level=extra["authority_level"],
        jurisdiction=extra["jurisdiction"],
        acceptance_mode=extra["acceptance_mode"],
        review_route=extra["review_route"],
        special_procedures=extra.many("special_procedures"),
        hearing_required=extra["hearing_required"] == "1",
        deemed_renewal=extra["deemed_renewal"] == "1",
        visits_now=int(extra["visits_now"]),
        before={
            what: int(extra[f"before_{what}"])
            for what in ("visits", "windows", "days", "materials")
        },
        materials=item.many("materials"),
        links={
            row["material_code"]: _link(catalogue, row)
            for row in (
                *catalogue.rows("item_materials", seq),
                *rule_rows(catalogue, seq),
            )
        },
        questions=_questions(catalogue.rows("situations", seq)),
        effects=tuple(
            _effect(catalogue, row) for row in catalogue.rows("effects", seq)
        ),
        rules=tuple(_rule(row) for row in catalogue.rows("auto_rules", seq)),
        groups=_groups(catalogue, seq),
        fields=tuple(
            _field(row)
            for owner in (COMMON, seq)
            for row in catalogue.rows("form_fields", owner)
        ),
        guide={name: text for name, text in guide.items() if name != "item_seq"},
        authorities={
            f"{row['question_code']}/{row['option_code']}": row["authority_level"]
            for row in catalogue.rows("not_accepted", seq)
            if row["kind"] == "other_authority"
        },
        licence_material=catalogue.city.licence_material,
        credit_material=catalogue.city.credit_material,
    )


def _months(material: Row | None) -> int | None:
    months = material["validity_months"] if material else ""
    return int(months) if months else None


def _link(catalogue: Catalogue, row: Row) -> MaterialLink:
    code = row["material_code"]
    material = catalogue.materials[code]
    holder = catalogue.holders.get(code, "")
    own = catalogue.item_code(row["item_seq"])
    return MaterialLink(
        material=code,
        name=row["display_name"] or material["name"],
        name_en=material["name_en"],
        kind=material["kind"],
        holder=holder,
        holder_name=catalogue.department_names.get(holder, ""),
        obtain_mode=material["obtain_mode"],
        validity_months=_months(material),
        how=catalogue.how(code),
        key=row["key"] == "1",
        commit_ok=row["commit_ok"] == "1",
        commit_kind=row["commit_kind"],
        deferrable=row["deferrable"] == "1",
        subject=row["subject"],
        subject_field=row["subject_field"],
        trust_level=row["trust_level"],
        reason_not_required=row["reason_not_required"],
        source=row["source"],
        made_by=tuple(m for m in catalogue.makers.get(code, ()) if m != own),
    )


def _questions(rows: list[Row]) -> tuple[Question, ...]:
    options: dict[str, list[Row]] = {}
    for row in rows:
        options.setdefault(row["question_code"], []).append(row)
    return tuple(
        Question(
            code=code,
            text=of[0]["question"],
            text_en=of[0]["question_en"],
            kind=of[0]["answer_kind"],
            options=tuple(
                Option(
                    r["option_code"], r["option"], r["option_en"], r["default"] == "1"
                )
                for r in of
            ),
            note=of[0]["note"],
            confirm=CONFIRM_MARK in of[0]["note"],
        )
        for code, of in options.items()
    )


def _effect(catalogue: Catalogue, row: Row) -> Effect:
    refers = row["effect"] == "refer_item"
    return Effect(
        question=row["question_code"],
        option=row["option_code"],
        kind=row["effect"],
        value=catalogue.item_code(row["value"]) if refers else row["value"],
        reason=row["reason"],
        reason_en=row["reason_en"],
    )


def _rule(row: Row) -> Rule:
    return Rule(
        question=row["question_code"],
        option=row["option_code"],
        source=row["source"],
        operator=row["operator"],
        value=row["value"],
        decides=row["strength"] == "decides",
        conditions=tuple(part for part in row["conditions"].split(" AND ") if part),
    )


def _groups(catalogue: Catalogue, seq: str) -> tuple[Group, ...]:
    basis = {
        row["group_code"]: row["basis"]
        for row in catalogue.rows("item_alternatives", seq)
    }
    for row in catalogue.rows("effects", seq):
        if row["effect"] == "any_of_group":
            basis.setdefault(row["value"], "effect")
    return tuple(_group(catalogue.members[(code,)], b) for code, b in basis.items())


def _group(members: list[Row], basis: str) -> Group:
    first = members[0]
    return Group(
        code=first["group_code"],
        name=first["name"],
        name_en=first["name_en"],
        basis=basis,
        members=tuple(
            Member(
                material=row["member_material"],
                order=int(row["order"]),
                only_if_others_not_found=row["asked_of_applicant_only_if"] != "",
            )
            for row in members
        ),
    )


def _field(row: Row) -> Field:
    return Field(
        code=row["field_code"],
        label=row["label"],
        label_en=row["label_en"],
        type=row["type"],
        unit=row["unit"],
        required=row["required"] == "1",
        prefill=row["prefill"],
        choices=tuple(part for part in row["choices"].split("|") if part),
        validation=row["validation"],
        help=row["help"],
        common=row["item_seq"] == COMMON,
    )
