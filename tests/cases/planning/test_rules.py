"""How register and evidence answer questions: every operator and every refusal."""

from __future__ import annotations

from typing import Any

import pytest

from services.cases.planning.plan import Known
from services.catalogue.definition import Rule
from services.common.subjects import Subject
from tests.cases.planning.build import (
    COMPANY,
    HOME,
    NOT_FOUND,
    PLACE,
    REGISTRY,
    SILENT,
    definition,
    field,
    found,
    lease,
    link,
    plan,
    question,
    rule,
    title,
)

DISTRICTS = field("district", "choice", choices=("西湖区", "拱墅区"), common=True)
OWN_TITLE = (
    "M022.owner == registry:legal_name",
    "M022.location ~ field:place",
)
RUNNING = "M091.lease_to >= today"


def given_by(one: Rule, **given: Any) -> str:
    """Return who answers a question `q` with options a and b (default) by one rule."""
    of = definition(
        title(),
        lease(),
        link("M004"),
        questions=(question("q", "a", "b*"),),
        rules=(one,),
        fields=(PLACE, DISTRICTS),
    )
    planned = plan(of, **given).questions[0]
    assert (planned.answer == ("a",)) is (planned.given_by in {"decided", "suggested"})
    return planned.given_by


def about_company(**attributes: str) -> dict[str, Any]:
    return {"known": {("M004", COMPANY): found(**attributes)}}


@pytest.mark.parametrize(
    ("operator", "value", "text", "holds"),
    [
        ("equals", "yes", "yes", True),
        ("equals", "yes", "no", False),
        ("equals", "200", "200.00", True),
        ("differs", "rental", "private", True),
        ("differs", "rental", "rental", False),
        ("in", "公司,合作社", "农民专业合作社", True),
        ("in", "公司,合作社", "个体工商户", False),
        ("in", "A,B", "AB", False),
        ("not_in", "公司,合作社", "个体工商户", True),
        ("not_in", "公司,合作社", "有限公司", False),
        ("contains", "外商", "有限责任公司（外商投资）", True),
        ("contains", "外商", "有限责任公司", False),
        ("lt", "200", "199.99", True),
        ("lt", "200", "200", False),
        ("le", "50", "50", True),
        ("le", "50", "50.01", False),
        ("gt", "0", "0.01", True),
        ("gt", "0", "0", False),
        ("ge", "3", "3", True),
        ("ge", "3", "2", False),
        ("ge", "3", "三", False),
        ("ge", "today", "2026-11-23", True),
        ("ge", "today", "2026-11-22", False),
        ("lt", "today", "2026-11-22", True),
        ("after", "2026-01-01", "2026-01-02", True),
        ("after", "2026-01-01", "2026-01-01", False),
        ("within_days", "180", "2027-05-22", True),
        ("within_days", "180", "2027-05-23", False),
        ("years_ge", "1", "2025-11-23", True),
        ("years_ge", "1", "2025-11-24", False),
        ("years_lt", "1", "2025-11-24", True),
        ("years_lt", "1", "2025-11-23", False),
        ("months_ge", "3", "2026-08-23", True),
        ("months_ge", "3", "2026-08-24", False),
        ("months_lt", "3", "2026-08-24", True),
        ("months_lt", "3", "不详", False),
    ],
)
def test_operators(operator: str, value: str, text: str, holds: bool) -> None:
    one = rule("q/a", "M004.x", operator, value)

    given = given_by(one, **about_company(x=text))

    assert given == ("decided" if holds else "default")


@pytest.mark.parametrize("operator", ["equals", "differs", "lt", "not_in", "years_lt"])
def test_an_unknown_value_answers_nothing(operator: str) -> None:
    one = rule("q/a", "M004.x", operator, "1")

    assert given_by(one, **about_company(other="1")) == "default"


class TestFoundAndNotFound:
    def test_a_found_record_decides(self) -> None:
        assert given_by(rule("q/a", "M004", "found"), **about_company()) == "decided"

    def test_it_only_preselects_where_the_rule_only_suggests(self) -> None:
        one = rule("q/a", "M004", "found", decides=False)

        assert given_by(one, **about_company()) == "suggested"

    def test_absence_never_decides_whatever_the_rule_claims(self) -> None:
        one = rule("q/a", "M004", "not_found", decides=True)

        assert given_by(one, known={("M004", COMPANY): NOT_FOUND}) == "suggested"

    @pytest.mark.parametrize(
        "answer",
        [
            Known(),
            SILENT,
            Known("REFUSED", "NOT_AUTHORISED"),
            Known("DEFERRED", "ACCEPTED_FOR_LATER"),
        ],
    )
    def test_no_answer_is_not_absence(self, answer: Known) -> None:
        one = rule("q/a", "M004", "not_found", decides=False)

        assert given_by(one, known={("M004", COMPANY): answer}) == "default"

    def test_records_of_an_answer_that_is_not_found_do_not_count(self) -> None:
        expired = Known("NOT_FOUND", "EXPIRED", ({"x": "1"},))
        one = rule("q/a", "M004.x", "equals", "1")

        assert given_by(one, known={("M004", COMPANY): expired}) == "default"

    def test_absence_must_hold_for_everybody_named(self) -> None:
        one = rule("q/a", "M051", "not_found", decides=False)
        of = definition(
            link("M051", subject="person", subject_field="staff_ids"),
            questions=(question("q", "a", "b*"),),
            rules=(one,),
        )
        first, second = "330199199001010011", "330199199001010038"
        known = {("M051", Subject("person", first)): NOT_FOUND}
        fields = {"staff_ids": f"王一 {first}\n李二 {second}"}

        assert plan(of, known=known, fields=fields).questions[0].answer == ("b",)
        known[("M051", Subject("person", second))] = NOT_FOUND
        assert plan(of, known=known, fields=fields).questions[0].answer == ("a",)


class TestConditions:
    OWN = rule("q/a", "M022", "found", conditions=OWN_TITLE)
    OWNER = REGISTRY["legal_name"]

    def decide(self, *records: dict[str, str], one: Rule = OWN) -> str:
        material = one.source.partition(".")[0]
        return given_by(one, known={(material, HOME): Known("FOUND", "", records)})

    def test_a_title_decides_when_holder_and_place_match(self) -> None:
        good = {"owner": self.OWNER, "location": "杭州市西湖区文三路1号201"}

        assert self.decide(good) == "decided"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"owner": "别家公司", "location": "西湖区文三路1号201室"},
            {"owner": REGISTRY["legal_name"], "location": "西湖区文三路1号202室"},
            {"owner": REGISTRY["legal_name"], "location": "拱墅区文三路1号201室"},
            {"owner": REGISTRY["legal_name"]},
            {},
        ],
    )
    def test_otherwise_it_is_asked(self, wrong: dict[str, str]) -> None:
        assert self.decide(wrong) == "default"

    def test_one_of_several_records_is_enough(self) -> None:
        other = {"owner": "别家公司", "location": "西湖区文三路1号201室"}
        good = {"owner": self.OWNER, "location": "西湖区文三路1号201室"}

        assert self.decide(other, good) == "decided"

    def test_an_empty_field_decides_nothing(self) -> None:
        registry = {**REGISTRY, "registered_address": ""}
        record = found(owner=self.OWNER, location="西湖区文三路1号201室")
        known = {("M022", COMPANY): record}

        assert given_by(self.OWN, registry=registry, known=known) == "default"

    @pytest.mark.parametrize(
        ("until", "given"), [("2026-11-23", "decided"), ("2026-11-22", "default")]
    )
    def test_a_lease_must_still_run(self, until: str, given: str) -> None:
        one = rule("q/a", "M091", "found", conditions=(RUNNING,))

        assert self.decide({"lease_to": until}, one=one) == given


class TestSeveralRecords:
    def test_decide_only_when_all_agree(self) -> None:
        one = rule("q/a", "M004.use", "equals", "rental")
        both = Known("FOUND", "", ({"use": "rental"}, {"use": "rental"}))

        assert given_by(one, known={("M004", COMPANY): both}) == "decided"

    def test_suggest_when_some_do(self) -> None:
        one = rule("q/a", "M004.use", "equals", "rental")
        mixed = Known("FOUND", "", ({"use": "rental"}, {"use": "private"}))

        assert given_by(one, known={("M004", COMPANY): mixed}) == "suggested"


class TestRegister:
    def test_a_fact_decides(self) -> None:
        one = rule("q/a", "registry:registered_capital", "lt", "600")

        assert given_by(one) == "decided"

    def test_a_fact_that_the_register_lacks_decides_nothing(self) -> None:
        one = rule("q/a", "registry:registered_capital", "lt", "600")

        assert given_by(one, registry={"uscc": "X"}) == "default"

    def test_evidence_is_compared_with_the_register(self) -> None:
        one = rule("q/a", "M004.address", "equals", "registry:registered_address")

        same = given_by(one, **about_company(address="西湖区文三路1号201室"))
        other = given_by(one, **about_company(address="西湖区文三路3号"))

        assert (same, other) == ("decided", "default")

    def test_evidence_is_compared_with_other_evidence(self) -> None:
        one = rule("q/a", "M004.changed_on", "after", "M022.issued_on")
        known = {
            ("M004", COMPANY): found(changed_on="2024-02-01"),
            ("M022", HOME): found(issued_on="2023-01-01"),
        }

        assert given_by(one, known=known) == "decided"

    @pytest.mark.parametrize(
        ("operator", "district", "holds"),
        [
            ("in", "西湖区", True),
            ("in", "海曙区", False),
            ("not_in", "海曙区", True),
            ("not_in", "西湖区", False),
        ],
    )
    def test_the_name_of_the_city_means_its_districts(
        self, operator: str, district: str, holds: bool
    ) -> None:
        one = rule("q/a", "registry:district", operator, "杭州")

        given = given_by(one, registry={**REGISTRY, "district": district})

        assert given == ("decided" if holds else "default")

    def test_the_register_may_say_itself_that_it_is_in_the_city(self) -> None:
        one = rule("q/a", "registry:district", "in", "杭州")

        registry = {**REGISTRY, "district": "下城区", "in_city": "yes"}

        assert given_by(one, registry=registry) == "decided"

    @pytest.mark.parametrize(
        ("place", "given"),
        [("西湖区龙井路3号", "decided"), ("拱墅区湖墅路1号", "default")],
    )
    def test_the_branch_district_is_that_of_the_place(
        self, place: str, given: str
    ) -> None:
        one = rule("q/a", "registry:district", "equals", "branch_district")

        assert given_by(one, fields={"place": place}) == given
