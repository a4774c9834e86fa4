"""The catalogue, for anybody."""

from __future__ import annotations

import pytest

from services.exchange.models import Exchange
from tests.api.conftest import anonymous, as_applicant, problem, send

pytestmark = pytest.mark.usefixtures("catalogue")
FOOD = "HZ-004"


def get(path):
    return anonymous().get(f"/api/v1/{path}")


class TestItems:
    def test_are_all_there_page_by_page(self):
        codes, path = [], "/api/v1/items?limit=100"
        while path:
            page = anonymous().get(path).json()
            codes += [item["code"] for item in page["results"]]
            path = page["next"]

        assert len(codes) == len(set(codes)) == 251
        assert codes[0] == "HZ-001"

    def test_are_found_by_words(self):
        hits = get("items/search?q=食品经营").json()["results"]

        assert FOOD in [hit["code"] for hit in hits]
        assert get("items/search").json() == {"results": []}

    def test_are_described(self):
        item = get(f"items/{FOOD}").json()

        assert item["code"] == FOOD
        assert "premises" in [q["code"] for q in item["questions"]]
        government = [m for m in item["materials"] if m["kind"] == "government_issued"]
        assert government
        assert "upload" not in {m["how"] for m in government}

    def test_that_are_unknown_name_the_nearest(self):
        told = problem(get("items/食品经营"), 404, "item_unknown")

        assert FOOD in told["title"]


class TestPlan:
    def test_follows_from_the_answers(self, company):
        plain = send(anonymous(), f"items/{FOOD}/plan", {}).json()
        promised = send(
            anonymous(), f"items/{FOOD}/plan", {"answers": {"commitment": ["yes"]}}
        ).json()

        assert plain["requirements"] != promised["requirements"] or (
            plain["promised_days"] != promised["promised_days"]
        )
        assert not Exchange.objects.exists()

    def test_uses_the_register_for_the_signed_in_company(self, company):
        def decided(client):
            plan = send(client, "items/HZ-095/plan", {}).json()
            return {q["code"] for q in plan["questions"] if q["given_by"] == "decided"}

        company.registered_capital = 100
        company.save()

        assert "min_capital" not in decided(anonymous())
        assert "min_capital" in decided(as_applicant(company))

    def test_says_what_is_wrong_with_an_answer(self):
        body = {"answers": {"premises": ["castle"]}}

        told = problem(
            send(anonymous(), f"items/{FOOD}/plan", body), 422, "invalid_input"
        )

        assert [e["pointer"] for e in told["errors"]] == ["/answers/premises"]
