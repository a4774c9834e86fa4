"""Who may do what: the owner, another applicant, clerks of this and other offices."""

from types import SimpleNamespace

import pytest

from services.accounts.permissions import PERMISSIONS, may
from services.common.actors import SYSTEM, Actor


class Tasks:
    """Answers like a related manager over a list of (assignee, office)."""

    def __init__(self, *rows):
        self.rows = rows

    def filter(self, **wanted):
        wanted.pop("closed_at__isnull", None)
        names = {"assignee__username": 0, "office_id": 1}
        rows = self.rows
        for name, value in wanted.items():
            rows = [row for row in rows if row[names[name]] == value]
        return Tasks(*rows)

    def exists(self):
        return bool(self.rows)


def case(state="in_review", office="scjg-330106", tasks=()):
    return SimpleNamespace(
        state=state,
        office_id=office,
        entity=SimpleNamespace(uscc="91330106FAKE00021X"),
        tasks=Tasks(*tasks),
    )


def actor(role, office="", entity="", name="somebody"):
    return Actor("human", name, role, "", office, entity)


OWNER = actor("applicant", entity="91330106FAKE00021X")
STRANGER = actor("applicant", entity="91330102FAKE000139")
REVIEWER = actor("reviewer", office="scjg-330106")
OTHER_REVIEWER = actor("reviewer", office="rsj")
WINDOW = actor("window_clerk")
AUDITOR = actor("auditor")
OPERATOR = actor("operator")


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (OWNER, True),
        (STRANGER, False),
        (REVIEWER, True),
        (OTHER_REVIEWER, False),
        (WINDOW, True),
        (AUDITOR, False),
        (OPERATOR, False),
        (None, False),
    ],
)
def test_a_filed_case_is_seen_by_its_owner_and_its_office(who, sees):
    assert may(who, "see_case", case()) is sees


@pytest.mark.parametrize("who", [REVIEWER, WINDOW, STRANGER])
def test_a_draft_is_the_applicants_alone(who):
    assert may(OWNER, "see_case", case(state="draft"))
    assert not may(who, "see_case", case(state="draft"))


def test_an_officer_who_is_asked_for_help_sees_the_case():
    asked = case(tasks=[("somebody-else", "rsj")])

    assert may(OTHER_REVIEWER, "see_case", asked)
    assert may(OTHER_REVIEWER, "close_assist", asked)


@pytest.mark.parametrize(
    ("permission", "who"),
    [
        ("decide_case", OWNER),
        ("decide_case", WINDOW),
        ("decide_case", OTHER_REVIEWER),
        ("refuse_acceptance", WINDOW),
        ("record_inspection", REVIEWER),
        ("hand_over", REVIEWER),
        ("answer_correction", REVIEWER),
        ("see_log", REVIEWER),
        ("use_desk", AUDITOR),
    ],
)
def test_nobody_does_the_work_of_another_role(permission, who):
    assert not may(who, permission, case())


@pytest.mark.parametrize(
    ("permission", "who"),
    [
        ("decide_case", REVIEWER),
        ("accept_case", WINDOW),
        ("accept_case", REVIEWER),
        ("record_inspection", actor("inspector", office="scjg-330106")),
        ("hand_over", actor("issuing_clerk", office="scjg-330106")),
        ("answer_correction", OWNER),
        ("see_log", AUDITOR),
        ("use_desk", WINDOW),
    ],
)
def test_each_role_does_its_own_work(permission, who):
    assert may(who, permission, case())


def test_an_applicant_without_a_company_owns_nothing():
    nameless = SimpleNamespace(
        state="draft", office_id=None, entity=SimpleNamespace(uscc=""), tasks=Tasks()
    )

    assert not may(actor("applicant"), "see_case", nameless)


def test_the_system_has_no_seat_at_the_desk():
    assert not any(may(SYSTEM, name, case()) for name in PERMISSIONS)


def test_an_unknown_permission_is_an_error():
    with pytest.raises(KeyError):
        may(REVIEWER, "dance", case())
