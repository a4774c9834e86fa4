"""Ways to break facts of items: times, ends, bundles and words."""

from __future__ import annotations

from tests.catalogue.lint.breaking import Case, Files, Place


def extra(item: str) -> dict[str, str]:
    return {"item_seq": item}


def renewal_that_is_none(files: Files) -> Place:
    return files.edit("items_extra", extra("1"), deemed_renewal="1")


def promise_too_long(files: Files) -> Place:
    """Two answers that are lawful alone and too long together."""
    files.edit("effects", {"item_seq": "1", "effect": "add_promised_days"}, value="12")
    files.add(
        "effects",
        {"item_seq": "1", "effect": "note_only"},
        option_code="online",
        effect="add_promised_days",
        value="3",
    )
    return files.place("items", {"seq": "1"})


def calendar_days(files: Files) -> Place:
    files.edit("items_extra", extra("5"), statutory_value="6")
    return files.place("items", {"seq": "5"})


def instant_with_days(files: Files) -> Place:
    files.edit("items_extra", extra("4"), promised_value="1")
    return files.edit("items", {"seq": "4"}, promised_days="1")


def promised_without_days(files: Files) -> Place:
    files.edit("items_extra", extra("2"), promised_value="0")
    return files.edit("items", {"seq": "2"}, promised_days="0")


def slower_by_default(files: Files) -> Place:
    for option, default in (("winery", "0"), ("fair", "1")):
        where = {"item_seq": "3", "question_code": "place", "option_code": option}
        files.edit("situations", where, default=default)
    return files.place("items", {"seq": "3"})


def unused(files: Files) -> Place:
    return files.add("materials", {"code": "W023"}, code="W040", name="未用的图纸")


def no_way_through(files: Files) -> Place:
    files.add("effects", {"effect": "not_eligible"}, option_code="no")
    files.add("not_accepted", {"kind": "not_eligible"}, option_code="no")
    return files.place(
        "situations", {"item_seq": "2", "question_code": "moved", "option_code": "yes"}
    )


def cycle(files: Files) -> Place:
    """The winery's fire opinion asks for the winery's licence, which asks for it."""
    files.edit("items", {"seq": "5"}, materials="W001;W020;W022;W006;W030;W004")
    files.add(
        "item_materials", {"item_seq": "3", "material_code": "W004"}, item_seq="5"
    )
    files.drop("life_events", {"item_seq": "1"})
    files.edit("life_events", {"item_seq": "5"}, order="1", depends_on="")
    files.edit("life_events", {"item_seq": "3"}, order="2", depends_on="")
    return files.place("items", {"seq": "1"})


def event_order(files: Files) -> Place:
    files.edit("life_events", {"item_seq": "3"}, order="4")
    return files.place("life_events", {"item_seq": "5"})


def depends_on_later(files: Files) -> Place:
    files.edit("life_events", {"item_seq": "1"}, depends_on="5;3")
    files.edit("life_events", {"item_seq": "3"}, depends_on="5;1")
    return files.place("life_events", {"item_seq": "1"})


def no_phrase(files: Files) -> Place:
    files.drop("synonyms", {"item_seq": "3"})
    return files.place("items", {"seq": "3"})


def no_hearing(files: Files) -> Place:
    return files.edit("items_extra", extra("1"), hearing_required="1")


ITEMS = [
    Case("promise_too_long", promise_too_long),
    Case("promise_too_long", calendar_days, "a calendar day is five sevenths"),
    Case("instant_with_days", instant_with_days),
    Case("promised_without_days", promised_without_days),
    Case(
        "promise_differs",
        lambda f: f.edit("items_extra", extra("1"), promised_value="7"),
    ),
    Case(
        "no_statutory_time",
        lambda f: f.edit("items_extra", extra("3"), statutory_value="0"),
    ),
    Case(
        "automatic_promised",
        lambda f: f.edit("items_extra", extra("2"), review_route="instant_auto"),
    ),
    Case(
        "statutory_differs",
        lambda f: f.edit("items_extra", extra("2"), statutory_value="15"),
    ),
    Case("slower_by_default", slower_by_default),
    Case(
        "inspection_differs",
        lambda f: f.edit("items_extra", extra("1"), special_procedures=""),
    ),
    Case("hearing_missing", no_hearing),
    Case(
        "fee_differs", lambda f: f.edit("items_extra", extra("2"), fee_standard="百元")
    ),
    Case("deemed_renewal", renewal_that_is_none),
    Case(
        "renewal_not_deemed",
        lambda f: f.edit("items_extra", extra("2"), deemed_renewal="0"),
    ),
    Case("no_delivery", lambda f: f.edit("items_extra", extra("2"), delivery="")),
    Case("not_better", lambda f: f.edit("items_extra", extra("2"), before_visits="0")),
    Case(
        "not_better",
        lambda f: f.edit("items_extra", extra("2"), before_materials="4"),
        "materials",
    ),
    Case("flow_steps", lambda f: f.edit("guides", extra("3"), flow="受理；审查；送达")),
    Case(
        "flow_inspection",
        lambda f: f.edit("guides", extra("3"), flow="申请；现场核查；送达"),
    ),
    Case(
        "result_differs",
        lambda f: f.edit("result_alias", {"seq": "4"}, material_name="演出凭证"),
    ),
    Case("unused_material", unused),
    Case("no_way_through", no_way_through),
    Case("cycle", cycle),
    Case("event_order", event_order),
    Case(
        "event_name",
        lambda f: f.edit("life_events", {"item_seq": "3"}, name="开酒厂"),
    ),
    Case(
        "depends_outside",
        lambda f: f.edit("life_events", {"item_seq": "3"}, depends_on="1;4"),
    ),
    Case("depends_on_later", depends_on_later),
    Case(
        "needs_before",
        lambda f: f.edit("life_events", {"item_seq": "3"}, depends_on=""),
    ),
    Case("phrase_weight", lambda f: f.edit("synonyms", {"item_seq": "3"}, weight="2")),
    Case("no_demand", lambda f: f.edit("popular", {"item_seq": "1"}, weight="0")),
    Case("no_phrase", no_phrase),
]
