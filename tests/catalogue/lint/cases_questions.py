"""Ways to break questions, what answers them, and the form."""

from __future__ import annotations

from tests.catalogue.lint.breaking import Case, Files, Place

OWN = {"item_seq": "1", "question_code": "premises", "option_code": "own"}
MOVED_NO = {"item_seq": "2", "question_code": "moved", "option_code": "no"}


def one_option(files: Files) -> Place:
    where = {"item_seq": "5", "question_code": "kind"}
    for effect in ("statutory_days", "add_promised_days"):
        files.drop("effects", {**where, "effect": effect})
    files.drop("situations", {**where, "option_code": "fuel"})
    return files.place("situations", {**where, "option_code": "wine"})


def no_question(files: Files) -> Place:
    where = {"item_seq": "4", "question_code": "land"}
    files.edit("item_alternatives", {"item_seq": "5"}, item_seq="5")
    files.drop("effects", {**where, "effect": "any_of_group"})
    for material in ("W006", "W030"):
        files.drop("item_materials", {"item_seq": "4", "material_code": material})
    for option in ("public", "private"):
        files.drop("situations", {**where, "option_code": option})
    return files.place("items", {"seq": "4"})


def many_questions(files: Files) -> Place:
    for question in "abc":
        for option in ("yes", "no"):
            files.add(
                "situations",
                {**MOVED_NO, "option_code": option},
                item_seq="1",
                question_code=question,
                question=f"问题{question}？",
            )
    return files.place("items", {"seq": "1"})


def long_question(files: Files) -> Place:
    for option in ("yes", "no"):
        where = {**MOVED_NO, "option_code": option}
        files.edit("situations", where, question="这个问题" * 8 + "？")
    return files.place("situations", {**MOVED_NO, "option_code": "yes"})


def duplicate_question(files: Files) -> Place:
    for option in ("yes", "no"):
        where = {**MOVED_NO, "option_code": option}
        files.edit("situations", where, question="许可证是否已过期")
    return files.place("situations", {**MOVED_NO, "option_code": "yes"})


def boolean_options(files: Files) -> Place:
    files.edit("situations", MOVED_NO, option_code="not")
    return files.place("situations", {**MOVED_NO, "option_code": "yes"})


def wrong_default(files: Files) -> Place:
    files.edit("situations", {**MOVED_NO, "question_code": "moved"}, default="0")
    return files.place("situations", {**MOVED_NO, "option_code": "yes"})


def default_of_a_choice_of_several(files: Files) -> Place:
    where = {"item_seq": "1", "question_code": "extras", "option_code": "online"}
    files.edit("situations", where, default="1")
    return files.place("situations", {**where, "option_code": "tour"})


def nothing_decides(files: Files) -> Place:
    files.drop("auto_rules", OWN)
    return files.place("situations", OWN)


def unannounced(files: Files) -> list[Place]:
    for option in ("own", "leased"):
        files.edit("situations", {**OWN, "option_code": option}, auto_source="")
    return [files.place("auto_rules", OWN)]


def two_meanings(files: Files) -> Place:
    where = {"item_seq": "5", "field_code": "premises_address"}
    return files.edit("form_fields", where, label="仓库地址")


def no_field(files: Files) -> Place:
    files.drop("form_fields", {"item_seq": "2", "field_code": "licence_no"})
    return files.place("items", {"seq": "2"})


QUESTIONS = [
    Case("duplicate_question", duplicate_question),
    Case(
        "duplicate_option",
        lambda f: f.edit("situations", OWN, option="租用"),
    ),
    Case(
        "question_differs",
        lambda f: f.edit("situations", MOVED_NO, note="见说明"),
    ),
    Case("wrong_default", wrong_default),
    Case("wrong_default", default_of_a_choice_of_several, "a default among several"),
    Case("boolean_options", boolean_options),
    Case("one_option", one_option),
    Case("no_question", no_question),
    Case("many_questions", many_questions),
    Case("long_question", long_question),
    Case("bad_source", lambda f: f.edit("auto_rules", OWN, source="W006.colour")),
    Case(
        "bad_source",
        lambda f: f.edit("auto_rules", {"item_seq": "3"}, source="registry:shoe_size"),
        "a fact that no register holds",
    ),
    Case(
        "bad_source",
        lambda f: f.edit(
            "auto_rules", {"item_seq": "2", "option_code": "no"}, value="W030.end"
        ),
        "a value from what the applicant has",
    ),
    Case(
        "bad_condition",
        lambda f: f.edit("auto_rules", OWN, conditions="W006.owner = registry:uscc"),
    ),
    Case(
        "bad_condition",
        lambda f: f.edit("auto_rules", OWN, conditions="W006.location ~ field:place"),
        "a field that the form does not have",
    ),
    Case(
        "absence_decides",
        lambda f: f.edit("auto_rules", OWN, operator="not_found"),
    ),
    Case("bare_found_decides", lambda f: f.edit("auto_rules", OWN, conditions="")),
    Case("nothing_decides", nothing_decides),
    Case("decides_unannounced", unannounced),
    Case(
        "bad_prefill",
        lambda f: f.edit(
            "form_fields",
            {"item_seq": "2", "field_code": "licence_no"},
            prefill="evidence:W005.cert_no",
        ),
    ),
    Case(
        "bad_prefill",
        lambda f: f.edit(
            "form_fields",
            {"item_seq": "2", "field_code": "licence_no"},
            prefill="evidence:W007.cert_no",
        ),
        "evidence that the item does not list",
    ),
    Case(
        "repeats_common_field",
        lambda f: f.add(
            "form_fields", {"item_seq": "0", "field_code": "phone"}, item_seq="3"
        ),
    ),
    Case("two_meanings", two_meanings),
    Case(
        "bad_choices",
        lambda f: f.edit(
            "form_fields", {"item_seq": "1", "field_code": "product"}, choices="酒|酒"
        ),
    ),
    Case(
        "bad_choices",
        lambda f: f.edit(
            "form_fields", {"item_seq": "4", "field_code": "date"}, choices="今|明"
        ),
        "choices of a date",
    ),
    Case(
        "bad_validation",
        lambda f: f.edit(
            "form_fields", {"item_seq": "4", "field_code": "date"}, validation="(["
        ),
    ),
    Case("no_field", no_field),
    Case(
        "touches_negative_list",
        lambda f: f.edit(
            "form_fields", {"item_seq": "4", "field_code": "date"}, label="门票售价"
        ),
    ),
    Case(
        "touches_negative_list",
        lambda f: f.edit("situations", MOVED_NO, option="否，仅人事变动"),
        "an option",
    ),
    Case(
        "idle_exception",
        lambda f: f.add("negative_list_exceptions", {"part": "field"}, item_seq="5"),
    ),
]
