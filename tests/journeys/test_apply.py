"""The command `apply`: a permit with nothing but a licence number."""

from __future__ import annotations

from typing import Any

import pytest

from services.cases.models import Case, Upload
from services.catalogue.models import Material
from services.departments.city.cast import CAST
from services.ledger.queries import integrity
from tests.journeys.steps import apply, manage, wait_for_log

pytestmark = [pytest.mark.journey]

FOOD = "HZ-004"
RESTAURANT = CAST["leased_restaurant"]
FILING = (RESTAURANT, FOOD, "--answer", "commitment=yes", "--key", "once")
SHAPE = {"case", "state", "item", "entity", "obtained", "asked_of_applicant"} | {
    *("saved", "waits_for", "certificate", "deadline", "log")
}


def test_a_restaurant_gets_its_licence_for_a_number(hall):
    before = integrity().size

    filed = apply(hall, *FILING)

    assert filed.code == 0, filed.err
    told = filed.told
    assert set(told) == SHAPE
    assert told["state"] == "delivered"
    assert (told["item"], told["entity"]) == (FOOD, RESTAURANT)
    assert told["certificate"]
    assert told["waits_for"] == []
    check_what_was_obtained(told)
    check_what_was_asked(told)
    check_the_same_again(hall, told)
    check_what_is_refused(hall)
    check_the_log(hall, told, before)


def check_what_was_obtained(told: dict[str, Any]) -> None:
    obtained = {each["material"]: each for each in told["obtained"]}
    assert obtained["M001"]["department"] == "scjg"
    assert obtained["M015"]["outcome"] == "FOUND"
    for each in obtained.values():
        assert set(each) == {"material", "department", "outcome", "code", "answered_at"}
        assert each["answered_at"]
    assert set(told["saved"]) == {"documents", "visits"}
    assert told["saved"]["documents"] >= 3


def check_what_was_asked(told: dict[str, Any]) -> None:
    rows = Material.objects.filter(kind=Material.Kind.GOVERNMENT_ISSUED)
    government = set(rows.values_list("code", flat=True))
    asked = {each["material"] for each in told["asked_of_applicant"]}
    assert asked
    assert not asked & government
    assert not Upload.objects.filter(material_code__in=government).exists()


def check_the_same_again(hall, told: dict[str, Any]) -> None:
    again = apply(hall, *FILING)

    assert again.code == 0, again.err
    assert again.told["case"] == told["case"]
    assert again.told["certificate"] == told["certificate"]
    assert Case.objects.filter(number__isnull=False).count() == 1


def check_what_is_refused(hall) -> None:
    """The codes that a script sees; the sentences are tested beside the command."""
    invalid = apply(hall, CAST["own_restaurant"], FOOD, "--field", "seats=many")
    stopped = apply(hall, CAST["own_restaurant"], FOOD, "--answer", "small=yes")

    assert (stopped.code, invalid.code) == (2, 3), stopped.err + invalid.err
    assert "/fields/seats" in invalid.err
    assert not stopped.out + invalid.out
    assert Case.objects.filter(number__isnull=False).count() == 1


def check_the_log(hall, told: dict[str, Any], before: int) -> None:
    wait_for_log()
    log = integrity()
    assert log.size > told["log"]["size"] > before
    assert log.root != told["log"]["root"]

    checked = manage(hall, "fsck_log")

    assert checked.code == 0, checked.out + checked.err
