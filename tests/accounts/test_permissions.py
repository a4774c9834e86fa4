"""Which desks a role may open."""

import pytest

from services.accounts.models import Role
from services.accounts.permissions import may
from services.common.actors import SYSTEM, Actor

AT_THE_DESK = {"window_clerk", "reviewer", "inspector", "head_clerk", "issuing_clerk"}


def actor(role: str) -> Actor:
    return Actor("human", "somebody", role)


@pytest.mark.parametrize("role", [*Role.values, "applicant"])
def test_the_desk_is_for_those_who_handle_cases(role):
    assert may(actor(role), "use_desk") == (role in AT_THE_DESK)


@pytest.mark.parametrize("role", [*Role.values, "applicant"])
def test_the_log_is_for_auditors(role):
    assert may(actor(role), "see_log") == (role == "auditor")


@pytest.mark.parametrize("role", [*Role.values, "applicant"])
def test_running_the_place_is_for_operators(role):
    assert may(actor(role), "operate") == (role == "operator")


@pytest.mark.parametrize("permission", ["use_desk", "see_log", "operate"])
def test_nobody_and_the_system_open_no_desk(permission):
    assert not may(None, permission)
    assert not may(SYSTEM, permission)


def test_a_permission_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        may(actor("auditor"), "see_everything")
