"""`apply`: what a person and a script see, and what bad input gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command

from services.cases.demo_paper import demo_paper
from services.cases.models import Case, CaseNumber, Upload
from services.exchange.models import Exchange
from tests.factories.cases import hold_for
from tests.factories.registry import EntityFactory

FOOD = "HZ-004"
ON_COMMITMENT = "--answer=commitment=yes"
USCC = "91330102FAKE000139"


class Said(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def apply(capsys):
    """Run the command; return its exit code and what it said."""

    def run(*words: str) -> Said:
        code = 0
        try:
            call_command("apply", *words)
        except SystemExit as left:
            code = int(left.code or 0)
        return Said(code, *capsys.readouterr())

    return run


@pytest.mark.usefixtures("working")
class TestApply:
    def test_tells_each_department_and_what_was_saved(self, company, apply):
        hold_for(company, FOOD)

        said = apply(USCC, FOOD, ON_COMMITMENT)

        assert said.code == 0
        for words in ("市市场监管局 · 营业执照", "市卫生健康委", "无需提交", "已送达"):
            assert words in said.out
        lines = [line for line in said.out.splitlines() if "→" in line or "·" in line]
        assert len(lines) == len(set(lines))

    def test_prints_one_object(self, company, apply):
        hold_for(company, FOOD)

        said = apply(USCC, FOOD, ON_COMMITMENT, "--json")

        told = json.loads(said.out)
        case = Case.objects.get()
        assert told["case"] == case.number
        assert told["certificate"] == case.certificate.number
        assert told["deadline"] == case.promised_on.isoformat()
        assert {each["outcome"] for each in told["obtained"]} == {"FOUND"}
        assert told["asked_of_applicant"] == [
            {"material": "M099", "kind": "applicant_made"},
            {"material": "M101", "kind": "applicant_made"},
        ]
        assert set(told["log"]) == {"size", "root"}

    def test_ends_well_when_a_person_must_act_and_names_them(self, company, apply):
        hold_for(company, FOOD)

        said = apply(USCC, FOOD, "--json")

        told = json.loads(said.out)
        assert said.code == 0
        assert told["state"] == "in_review"
        [waits] = told["waits_for"]
        inspector = Case.objects.get().tasks.get(kind="inspect").assignee
        assert waits == {"task": "inspect", "person": str(inspector)}

    def test_picks_a_company_that_qualifies(self, company, apply):
        EntityFactory()
        hold_for(company, FOOD)

        said = apply("--any-eligible", FOOD, ON_COMMITMENT, "--json")

        assert json.loads(said.out)["entity"] == USCC

    def test_takes_a_paper_of_the_companys_own(self, company, apply, tmp_path: Path):
        hold_for(company, FOOD)
        paper = tmp_path / "平面图.pdf"
        paper.write_bytes(demo_paper("own"))

        apply(USCC, FOOD, ON_COMMITMENT, f"--material=M101={paper}")

        upload = Upload.objects.get(material_code="M101")
        assert (upload.file_name, upload.demo_value) == ("平面图.pdf", False)


@pytest.mark.usefixtures("working", "company")
class TestBadInput:
    @pytest.mark.parametrize(
        ("words", "parts"),
        [
            ([USCC[:-1] + "0", FOOD], ["校验", "wrong_check_digit"]),
            ([USCC[:10] + "I" + USCC[11:], FOOD], ["I", "forbidden_letter"]),
            ([USCC[:-1], FOOD], ["18", "wrong_length"]),
            (["", FOOD], ["wrong_length"]),
            (["91330106FAKE00021X", FOOD], ["entity_unknown"]),
            ([USCC, "食品经营许"], ["没有“食品经营许”", "HZ-004 食品经营许可"]),
            ([USCC], ["执照号码和事项", "apply USCC ITEM"]),
            (["--any-eligible", USCC, FOOD], ["执照号码和事项"]),
            ([USCC, FOOD, "--answer=commitment"], ["commitment", "名称=值"]),
            ([USCC, FOOD, "--material=M101=/no/such.pdf"], ["/no/such.pdf"]),
        ],
        ids=lambda value: value[-1] if isinstance(value, list) else None,
    )
    def test_is_told_exactly_and_leaves_nothing(self, apply, words, parts):
        said = apply(*words, "--json")

        assert said.code == 3
        for part in parts:
            assert part in said.err
        assert said.out == ""
        assert not Case.objects.exists()

    @pytest.mark.parametrize(
        ("trait", "code"),
        [
            ("revoked", "entity_revoked"),
            ("deregistered", "entity_deregistered"),
            ("moved_away", "entity_moved_away"),
        ],
    )
    def test_names_what_keeps_a_company_from_applying(self, apply, trait, code):
        entity = EntityFactory(**{trait: True})

        said = apply(entity.uscc, FOOD)

        assert (said.code, code in said.err) == (3, True)
        assert not Exchange.objects.exists()

    def test_is_listed_all_together_and_kept(self, apply):
        said = apply(
            USCC,
            FOOD,
            "--answer=premises=castle",
            "--field=seats=many",
            "--field=agent_phone=",
        )

        assert said.code == 3
        pointers = [line.split()[0] for line in said.err.splitlines()]
        assert pointers == ["/answers/premises", "/fields/agent_phone", "/fields/seats"]
        draft = Case.objects.get()
        assert draft.state == Case.State.DRAFT
        assert draft.stated_fields["seats"] == "many"
        assert not CaseNumber.objects.exists()

    def test_that_no_form_shows_does_not_stay_in_the_draft(self, apply):
        said = apply(USCC, FOOD, "--answer=colour=red", "--field=shoe_size=43")
        draft = Case.objects.get()

        assert said.code == 3
        assert [line.split()[0] for line in said.err.splitlines()] == [
            "/answers/colour",
            "/fields/shoe_size",
        ]
        assert "colour" not in draft.stated_answers
        assert "shoe_size" not in draft.stated_fields

    def test_is_a_file_by_its_content_not_its_name(self, apply, tmp_path: Path):
        paper = tmp_path / "plan.pdf"
        paper.write_text("not a PDF at all")

        said = apply(USCC, FOOD, f"--material=M101={paper}", "--field=seats=many")

        assert said.code == 3
        pointers = [line.split()[0] for line in said.err.splitlines()]
        assert pointers == ["/materials/M101", "/fields/seats"]
        assert not Upload.objects.filter(material_code="M101").exists()

    def test_is_a_government_paper_whatever_it_contains(self, apply, tmp_path: Path):
        paper = tmp_path / "licence.pdf"
        paper.write_bytes(demo_paper("M001"))

        said = apply(USCC, FOOD, f"--material=M001={paper}")

        assert said.code == 3
        assert "/materials/M001" in said.err
        assert not Upload.objects.filter(material_code="M001").exists()

    def test_that_ends_the_application_is_not_accepted(self, apply):
        said = apply(USCC, FOOD, "--answer=small=yes", "--json")

        assert said.code == 2
        assert "小餐饮店登记" in said.err
        assert said.out == ""
        assert not CaseNumber.objects.exists()


@pytest.mark.usefixtures("idle")
def test_nothing_that_moves_is_a_failure_of_ours(company, apply):
    hold_for(company, FOOD)

    said = apply(USCC, FOOD, ON_COMMITMENT, "--json")

    assert said.code == 1
    assert json.loads(said.out)["state"] == "in_review"
    assert "后台" in said.err
