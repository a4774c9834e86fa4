"""The first page, search, browsing and the guide."""

from __future__ import annotations

import pytest

from services.accounts.models import Membership
from tests.web.conftest import page

DISCLAIMER = (
    "仿真目录：依据国家行政许可事项清单及公开惯例重构，非杭州市公布的251项原文。"
)


@pytest.mark.usefixtures("company")
class TestHome:
    def test_offers_licence_box_search_departments_and_life_events(self, client):
        shown = page(client.get("/"))

        assert 'name="licence"' in shown
        assert "市市场监管局" in shown
        assert "开餐馆" in shown
        assert "模拟数据 simulated" in shown
        assert DISCLAIMER in shown

    def test_speaks_english_to_those_who_read_it(self, client):
        shown = page(client.get("/", headers={"accept-language": "en"}))

        assert '<html lang="en">' in shown
        assert "One business licence is enough" in shown
        assert "Market Regulation" in shown

    def test_offers_a_demo_number_and_a_seat_of_each_role(self, client):
        shown = page(client.get("/"))

        assert "91330102FAKE000139" in shown
        roles = set(Membership.objects.values_list("role", flat=True))
        assert shown.count('name="username"') == len(roles)

    def test_offers_neither_outside_a_demo(self, client, settings):
        settings.DEMO = False

        shown = page(client.get("/"))

        assert "91330102FAKE000139" not in shown
        assert 'name="username"' not in shown

    def test_asks_the_database_little(self, client, django_assert_max_num_queries):
        client.get("/")

        with django_assert_max_num_queries(8):
            client.get("/")


@pytest.mark.usefixtures("catalogue")
class TestFindItems:
    @pytest.mark.parametrize("query", ["开饭店", "spjy", "食品经营许可", "HZ-004"])
    def test_finds_the_food_licence_by_what_people_type(self, client, query):
        assert "/items/HZ-004/" in page(client.get("/search/", {"q": query}))

    def test_says_what_to_do_when_nothing_is_found(self, client):
        assert "换个说法" in page(client.get("/search/", {"q": "zzzzqqqq"}))

    def test_works_without_javascript(self, client):
        assert "/items/HZ-004/" in page(client.get("/", {"q": "开饭店"}))


@pytest.mark.usefixtures("company")
class TestCheckLicence:
    @pytest.mark.parametrize(
        ("licence", "said"),
        [
            ("91330102FAKE000139", "号码正确"),
            (" ９１３３０１０２fake000139 ", "号码正确"),
            ("91330102FAKE00013", "18 位"),
            ("91330102FAKE000130", "第 18 位"),
            ("91330102FAKO000139", "第 12 位"),
            ("91330100799655058B", "登记簿中没有"),
        ],
    )
    def test_says_which_check_failed(self, client, licence, said):
        assert said in page(client.get("/licence/check/", {"licence": licence}))

    def test_shows_nothing_about_the_company(self, client, company):
        shown = page(client.get("/licence/check/", {"licence": company.uscc}))

        assert company.legal_name not in shown


@pytest.mark.usefixtures("catalogue")
class TestGuide:
    def test_says_who_provides_each_material(self, client):
        shown = page(client.get("/items/HZ-004/"))

        assert "数据共享 / 电子证照 · 由 市公安局 提供" in shown
        assert "申请人自备" in shown
        assert DISCLAIMER in shown

    def test_is_complete_in_english(self, client):
        shown = page(client.get("/items/HZ-004/", headers={"accept-language": "en"}))

        assert "Food business licence" in shown
        assert "provided by Public Security" in shown

    def test_takes_a_number_for_the_code(self, client):
        assert client.get("/items/4/").headers["Location"] == "/items/HZ-004/"

    def test_suggests_the_nearest_names_for_an_unknown_item(self, client):
        answer = client.get("/items/食品经营许可证/")

        assert answer.status_code in {302, 404}
        if answer.status_code == 404:
            assert "HZ-004" in page(answer)

    def test_shows_every_item(self, client):
        from services.catalogue.queries import items

        for item in items()[::25]:
            assert item.name in page(client.get(f"/items/{item.code}/"))


@pytest.mark.usefixtures("catalogue")
def test_a_department_lists_its_items(client):
    assert "/items/HZ-004/" in page(client.get("/departments/scjg/"))


@pytest.mark.usefixtures("catalogue")
def test_a_life_event_lists_its_steps_in_order(client):
    shown = page(client.get("/life-events/restaurant/"))

    assert shown.index("HZ-175") < shown.index("/items/HZ-102/")


@pytest.mark.usefixtures("catalogue")
def test_a_life_event_links_what_comes_first_by_name(client):
    shown = page(client.get("/life-events/restaurant/"))

    assert "[&#x27;HZ-" not in shown
    assert "['HZ-" not in shown
