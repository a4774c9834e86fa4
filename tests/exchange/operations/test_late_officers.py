"""Officers who have not looked by the last day they had."""

from datetime import date, datetime, time, timedelta

import pytest

from services.exchange.models import AssistRequest, Incident
from services.exchange.operations import sweep as sweeping
from services.exchange.operations.dispute import open_dispute
from services.exchange.operations.incident import look_after_incidents
from services.exchange.operations.late_officers import note_late_officers
from services.exchange.operations.sweep import sweep
from tests.clock import NOON, SHANGHAI
from tests.exchange.operations.test_dispute import APPLICANT
from tests.exchange.serving import serve
from tests.factories.exchange import AssistRequestFactory, ExchangeFactory

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 11, 30)  # five working days after Monday the 23rd
DAY_AFTER = datetime.combine(LAST_DAY + timedelta(days=1), time(), SHANGHAI)
SECOND = timedelta(seconds=1)


def still_open(now: datetime) -> list[tuple[str, str]]:
    note_late_officers(now=now)
    look_after_incidents(now=now)
    rows = Incident.objects.filter(closed_at__isnull=True).order_by("about")
    return list(rows.values_list("kind", "about"))


def test_a_dispute_is_late_when_its_fifth_working_day_is_over():
    open_dispute(
        exchange=ExchangeFactory(not_found=True),
        number="A-1",
        issuer="市市场监管局",
        actor=APPLICANT,
        now=NOON,
    )

    assert still_open(DAY_AFTER - SECOND) == []
    assert still_open(DAY_AFTER) == [("officer_late", "scjg")]


@pytest.mark.parametrize("kind", AssistRequest.Kind.values)
def test_requests_of_every_kind_are_counted(kind):
    AssistRequestFactory.create_batch(2, kind=kind, due_on=LAST_DAY)

    assert still_open(DAY_AFTER) == [("officer_late", "scjg")]
    assert Incident.objects.get().text == "2 × past due, since 2026-11-30"


def test_one_incident_tells_of_a_department_however_often_it_is_looked_for():
    AssistRequestFactory.create_batch(2, due_on=LAST_DAY)
    AssistRequestFactory(exchange__department="wsjk", due_on=LAST_DAY)

    for _ in range(2):
        about = [name for _kind, name in still_open(DAY_AFTER)]
        assert about == ["scjg", "wsjk"]
    assert Incident.objects.count() == 2


def test_what_was_answered_was_not_late():
    AssistRequestFactory(due_on=LAST_DAY, closed_at=NOON)

    assert still_open(DAY_AFTER) == []


def test_it_is_over_when_the_last_one_is_answered_and_not_before():
    first, second = AssistRequestFactory.create_batch(2, due_on=LAST_DAY)
    other = AssistRequestFactory(exchange__department="wsjk", due_on=LAST_DAY)
    still_open(DAY_AFTER)
    later = DAY_AFTER + SECOND

    AssistRequest.objects.filter(pk=first.pk).update(closed_at=later)
    assert ("officer_late", "scjg") in still_open(later)
    serve(later)  # the system of scjg answers itself, which closes the second

    assert still_open(later) == [("officer_late", other.department)]
    closed = Incident.objects.get(about="scjg")
    assert (closed.closed_at, closed.closed_by) == (later, "system")
    second.refresh_from_db()
    assert second.finding == "ANSWERED"


def test_one_closed_by_hand_comes_again_while_the_officer_is_late():
    AssistRequestFactory(due_on=LAST_DAY)
    still_open(DAY_AFTER)
    Incident.objects.update(closed_at=DAY_AFTER, closed_by="shen")

    assert still_open(DAY_AFTER) == [("officer_late", "scjg")]


def test_the_number_of_statements_does_not_grow(django_assert_num_queries):
    for department in ("scjg", "wsjk", "ga"):
        AssistRequestFactory.create_batch(
            2, exchange__department=department, due_on=LAST_DAY
        )

    with django_assert_num_queries(3):
        note_late_officers(now=DAY_AFTER)
    AssistRequest.objects.update(closed_at=DAY_AFTER)
    with django_assert_num_queries(3):
        note_late_officers(now=DAY_AFTER)
    with django_assert_num_queries(2):
        note_late_officers(now=DAY_AFTER)


def test_the_sweep_looks_also_where_the_step_before_fails(monkeypatch):
    def broken(*, now):
        raise RuntimeError

    AssistRequestFactory(due_on=LAST_DAY)
    steps = [step if step is note_late_officers else broken for step in sweeping.STEPS]
    monkeypatch.setattr(sweeping, "STEPS", steps)

    sweep(now=DAY_AFTER)

    assert Incident.objects.get().kind == "officer_late"
