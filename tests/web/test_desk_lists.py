"""The desk's lists show companies' data: each query leaves its look in the log."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services.accounts.models import User
from services.cases.models import Case
from services.cases.operations.look import look_at_list
from services.common.actors import SYSTEM
from services.exchange.models import AssistRequest, Exchange
from services.ledger.models import LogEntry
from services.ledger.queries import LogLine, entry, lines_of
from tests.clock import NOON
from tests.factories.cases import filed, hold_for, open_task
from tests.web.conftest import as_applicant, as_staff, page

ITEM = "HZ-095"  # a reviewer decides, no inspection


@pytest.fixture
def case(company) -> Case:
    hold_for(company, ITEM)
    return filed(company, ITEM)


@pytest.fixture
def clerk(case):
    """Return the browser of whose task it is to decide."""
    return as_staff(open_task(case, "decide").assignee.username)


class TestLooksAtTheInbox:
    def looks(self) -> list[LogLine]:
        rows = LogEntry.objects.filter(type="entity.viewed").order_by("pk")
        return lines_of(rows)

    def test_are_one_for_each_query_with_its_filters(self, case, clerk):
        clerk.get("/desk/")
        clerk.get("/desk/", {"view": "all", "page": "2"})

        mine, all_of_them = self.looks()
        assert mine.details == {"list": "inbox", "view": "mine"}
        assert all_of_them.details == {"list": "inbox", "view": "all", "page": "2"}
        assert {look.subject for look in self.looks()} == {""}
        assert {look.office for look in self.looks()} == {case.office_id}
        assert mine.actor == str(open_task(case, "decide").assignee)

    def test_for_a_licence_number_are_about_the_company(self, clerk, other_company):
        clerk.get("/desk/", {"q": f" {other_company.uscc.lower()} "})

        (look,) = self.looks()
        assert look.subject == f"entity:{other_company.uscc}"
        assert look.details == {"list": "inbox", "view": "mine", "by": "entity"}

    def test_that_found_one_company_are_about_it(self, case, clerk):
        clerk.get("/desk/", {"view": "all", "q": case.entity.legal_name})

        (look,) = self.looks()
        assert look.subject == f"entity:{case.entity.uscc}"
        assert look.details["q"] == case.entity.legal_name
        trail = page(as_applicant(case.entity).get("/my/footprint/?view=people"))
        assert look.actor in trail

    @pytest.mark.parametrize("query", ["找" * 500, "a\ud800b"])
    def test_keep_what_an_entry_can_hold(self, db, query):
        look_at_list(name="x", asked={"q": query}, actor=SYSTEM, now=NOON)

        (look,) = self.looks()
        assert look.details["q"] in {"找" * 200, "a?b"}


class TestRequests:
    @pytest.fixture
    def asked(self, case) -> AssistRequest:
        exchange = Exchange.objects.filter(case=case.reference).first()
        return AssistRequest.objects.create(
            exchange=exchange,
            kind=AssistRequest.Kind.RECHECK,
            department=exchange.department,
            opened_at=NOON,
            due_on=NOON.date(),
        )

    def test_a_department_sees_what_it_is_asked(self, asked):
        browser = as_staff(f"reviewer-{asked.department}")

        assert asked.exchange.holder_name in page(browser.get("/desk/requests/"))

    @pytest.mark.parametrize("kind", AssistRequest.Kind.values)
    @pytest.mark.parametrize(
        ("due_on", "said"),
        [
            ("2026-11-23", ""),
            ("2026-11-20", "已逾期 1 个工作日"),
            ("2026-11-16", "已逾期 5 个工作日"),
        ],
    )
    def test_one_past_its_last_day_is_marked(self, asked, kind, due_on, said):
        AssistRequest.objects.update(kind=kind, due_on=due_on)

        shown = page(as_staff(f"reviewer-{asked.department}").get("/desk/requests/"))

        assert due_on in shown
        assert said in shown
        assert ("已逾期" in shown) is bool(said)

    def test_it_is_marked_on_the_weekend_too(self, asked):
        AssistRequest.objects.update(due_on="2026-11-27")

        with time_machine.travel(NOON + timedelta(days=5), tick=False):  # a Saturday
            browser = as_staff(f"reviewer-{asked.department}")
            shown = page(browser.get("/desk/requests/"))

        assert re.search(r'class="bad">期限 2026-11-27 · 已逾期<', shown)

    def test_another_department_does_not(self, asked):
        browser = as_staff("reviewer-sw")

        assert asked.exchange.holder_name not in page(browser.get("/desk/requests/"))
        answer = browser.post(f"/desk/requests/{asked.pk}/", {"finding": "FOUND"})
        assert answer.status_code == 404

    def test_each_shown_is_a_look_that_the_company_sees(self, asked, case):
        officer = f"reviewer-{asked.department}"

        as_staff(officer).get("/desk/requests/")

        line = entry(LogEntry.objects.get(type="entity.viewed").pk)
        exchange = asked.exchange
        assert (line.actor_role, line.office) == ("reviewer", asked.department)
        assert (line.case, line.exchange) == (case.reference, exchange.public_id)
        assert (line.subject, line.purpose) == (exchange.subject, exchange.purpose)
        assert line.details == {"request": "recheck", "material": exchange.material}
        trail = page(as_applicant(case.entity).get("/my/footprint/?view=people"))
        assert str(User.objects.get(username=officer)) in trail

    def test_shown_again_beside_an_error_are_seen_again(self, asked):
        browser = as_staff(f"reviewer-{asked.department}")

        browser.post(f"/desk/requests/{asked.pk}/", {"finding": "PERHAPS"})

        assert LogEntry.objects.filter(type="entity.viewed").count() == 1

    def test_of_others_leave_no_look(self, asked):
        as_staff("reviewer-sw").get("/desk/requests/")

        assert not LogEntry.objects.filter(type="entity.viewed").exists()

    def test_the_number_of_queries_does_not_grow_with_the_requests(self, asked, case):
        browser = as_staff(f"reviewer-{asked.department}")
        counts = []
        for kind in (None, AssistRequest.Kind.OUTAGE, AssistRequest.Kind.DISPUTE):
            if kind:
                AssistRequest.objects.create(
                    exchange=asked.exchange,
                    kind=kind,
                    department=asked.department,
                    opened_at=NOON,
                    due_on=NOON.date(),
                )
            with CaptureQueriesContext(connection) as sent:
                browser.get("/desk/requests/")
            counts.append(len(sent))

        assert LogEntry.objects.filter(type="entity.viewed").count() == 1 + 2 + 3
        assert counts[2] <= counts[1] <= counts[0]

    def test_a_finding_is_recorded(self, asked):
        browser = as_staff(f"reviewer-{asked.department}")

        bad = browser.post(f"/desk/requests/{asked.pk}/", {"finding": "PERHAPS"})
        good = browser.post(f"/desk/requests/{asked.pk}/", {"finding": "FOUND"})

        assert bad.status_code == 422
        assert good.headers["Location"] == "/desk/requests/"
        asked.refresh_from_db()
        assert asked.finding == "FOUND"
