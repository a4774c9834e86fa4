"""The checker finds nothing where all went well, and each kind of loss where not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections

from benchmarks.companies import item_of_four_verifications
from services.cases.models import Case
from services.common import triggers
from services.ledger.operations.sequence import sequence_pending
from tests.clock import NOON
from tests.factories.cases import REPRESENTATIVE_ID, filed, hold_for
from tests.factories.registry import EntityFactory
from tests.faults.checker import check
from tests.faults.checker.books import Ask, Books, rows
from tests.faults.checker.evidence import Evidence
from tests.faults.load import Journal

pytestmark = pytest.mark.django_db(databases="__all__")

REVIEWED, BY_DEPARTMENT = "HZ-095", "HZ-033"
LATER = NOON + timedelta(days=60)
Spoil = Callable[[Case, Journal], None]


def ask(alias: str) -> Ask:
    """Return how to ask one of the test's databases, inside its transaction."""

    def asked(words: str) -> list[dict[str, Any]]:
        with connections[alias].cursor() as cursor:
            cursor.execute(words.replace("%", "%%"))
            return rows(cursor)

    return asked


def run(words: str, alias: str = "default") -> int:
    """Change what stands in a database behind everybody's back."""
    with connections[alias].cursor() as cursor:
        cursor.execute(words)
        return cursor.rowcount


def line(what: str, case: Case, at: datetime, **more: object) -> dict[str, Any]:
    return {
        "what": what,
        "at": at.timestamp(),
        "key": case.reference,
        "uscc": case.entity.uscc,
        "item": case.item_version.item_id,
        "content": case.reference,
        **more,
    }


def journal_of(*cases: Case) -> Journal:
    """Return what clients would have written down about cases filed at noon."""
    lines = []
    for case in cases:
        lines.append(line("sent", case, NOON))
        lines.append(line("acknowledged", case, NOON, number=case.number))
    return Journal(lines)


def findings(journal: Journal, *, now: datetime = NOON, timers: bool = False) -> str:
    books = Books(ask("default"), ask("departments"))
    return "\n".join(check(Evidence(books, journal, now, timers=timers)))


@pytest.fixture
def case(catalogue, settings) -> Case:
    """Have one case that the system decided, and the log in order."""
    settings.TIME_SCALE = 0
    return brought(item_of_four_verifications().item_id)


def brought(item: str) -> Case:
    company = EntityFactory(representative_id=REPRESENTATIVE_ID)
    hold_for(company, item)
    case = filed(company, item)
    while sequence_pending(now=NOON, owner="test"):
        pass
    triggers.drop(connection)  # else the database itself would refuse to be spoilt
    return case


def test_finds_nothing_where_nothing_is_wrong(case: Case):
    other = brought(REVIEWED)

    assert case.state == Case.State.DELIVERED
    assert other.state == Case.State.IN_REVIEW
    assert findings(journal_of(case, other)) == ""


def lose(case: Case, journal: Journal) -> None:
    journal.lines.append(line("acknowledged", case, NOON, number="330100-1-1"))


def number_twice(case: Case, journal: Journal) -> None:
    journal.lines[:] = [line("sent", case, NOON)]
    for number in (case.number, "330100-1-1"):
        journal.lines.append(line("acknowledged", case, NOON, number=number))


def file_unasked(case: Case, journal: Journal) -> None:
    journal.lines.clear()


def give_up(case: Case, journal: Journal) -> None:
    journal.lines.append(line("given_up", case, NOON))


def refuse(case: Case, journal: Journal) -> None:
    journal.lines.append(line("refused", case, NOON, status=422, body={}))


def leave_hanging(case: Case, journal: Journal) -> None:
    assert run("UPDATE cases_case SET state = 'in_review'")


def decide_twice(case: Case, journal: Journal) -> None:
    copy_entry("case.decided")


def lose_an_effect(case: Case, journal: Journal) -> None:
    assert run("DELETE FROM ledger_logentry WHERE type = 'case.delivered'")


def use_a_number_for_nothing(case: Case, journal: Journal) -> None:
    assert run("UPDATE cases_casenumber SET used_at = NULL")


def park_a_message(case: Case, journal: Journal) -> None:
    run(
        "INSERT INTO dispatch_outboxmessage (task, key, created_at, available_at,"
        " attempts, lease_owner, fence, parked_at, parked_reason) SELECT 'x', 'y',"
        " opened_at, opened_at, 8, '', 1, opened_at, 'why' FROM cases_case"
    )


def forget_the_journal(case: Case, journal: Journal) -> None:
    assert run("DELETE FROM departments_call", "departments")


def deposit_twice(case: Case, journal: Journal) -> None:
    words = "INSERT INTO departments_call (department, kind, at, seen)"
    words += " SELECT department, kind, at, seen FROM departments_call"
    assert run(f"{words} WHERE kind = 'deposit'", "departments")


def lose_a_deposit(case: Case, journal: Journal) -> None:
    words = "DELETE FROM departments_record WHERE deposited_at IS NOT NULL"
    assert run(words, "departments")


def deposit_unordered(case: Case, journal: Journal) -> None:
    words = "UPDATE departments_record SET deposited_at = '2026-11-23 04:00:00+00:00'"
    assert run(f"{words} WHERE deposited_at IS NULL", "departments")


def lose_an_outcome(case: Case, journal: Journal) -> None:
    assert run("DELETE FROM ledger_logentry WHERE type = 'exchange.answered'")


def change_a_leaf(case: Case, journal: Journal) -> None:
    assert run("UPDATE ledger_logentry SET leaf = '{}' WHERE type = 'case.filed'")


def move_the_root(case: Case, journal: Journal) -> None:
    assert run("UPDATE ledger_treehead SET root = leaf_hash FROM ledger_logentry")


def leave_out_of_the_tree(case: Case, journal: Journal) -> None:
    assert run("DELETE FROM ledger_bundle")


def skip_an_attempt(case: Case, journal: Journal) -> None:
    assert run("UPDATE exchange_exchange SET attempts_made = 2")


def store_a_government_paper(case: Case, journal: Journal) -> None:
    run(
        "INSERT INTO cases_upload (case_id, material_code, file_name, content_type,"
        " size, sha256, stored_as, added_by, added_at, demo_value)"
        " SELECT id, 'M001', 'f', 't', 1, 's', 's', 'a', opened_at, false"
        " FROM cases_case"
    )


def ask_for_a_government_paper(case: Case, journal: Journal) -> None:
    body = {"problems": [{"pointer": "/materials/M001"}]}
    journal.lines.append(line("refused", case, NOON, status=422, body=body))


def lose_the_certificate(case: Case, journal: Journal) -> None:
    assert run("DELETE FROM cases_certificate")


def forget_the_deposit(case: Case, journal: Journal) -> None:
    assert run("UPDATE exchange_depositorder SET kept_at = NULL")


def promise_another_day(case: Case, journal: Journal) -> None:
    assert run("UPDATE cases_case SET promised_on = '2026-12-24'")


def receive_too_late(case: Case, journal: Journal) -> None:
    assert run("UPDATE cases_case SET received_at = '2026-11-25 04:00:00+00:00'")


@pytest.mark.parametrize(
    ("letter", "spoil"),
    [
        *(("a", one) for one in (lose, number_twice, file_unasked, give_up, refuse)),
        *(("b", one) for one in (leave_hanging, decide_twice, lose_an_effect)),
        *(("b", one) for one in (use_a_number_for_nothing, park_a_message)),
        *(("c", one) for one in (forget_the_journal, deposit_twice)),
        *(("c", one) for one in (lose_a_deposit, deposit_unordered)),
        *(("d", one) for one in (lose_an_outcome, change_a_leaf, move_the_root)),
        *(("d", one) for one in (leave_out_of_the_tree, skip_an_attempt)),
        *(("e", one) for one in (store_a_government_paper, ask_for_a_government_paper)),
        *(("f", one) for one in (lose_the_certificate, forget_the_deposit)),
        *(("g", one) for one in (promise_another_day, receive_too_late)),
    ],
)
def test_finds_what_is_spoilt(case: Case, letter: str, spoil: Spoil):
    journal = journal_of(case)
    assert findings(journal) == ""

    spoil(case, journal)

    assert f"({letter}) " in findings(journal)


@pytest.mark.parametrize(
    ("event", "found"),
    [
        ("exchange.answered", ": 1 attempts, 2 answers logged"),
        ("certificate.deposited", ": 1 certificates kept, 2 logged"),
    ],
)
def test_finds_what_is_logged_twice(case: Case, event: str, found: str):
    copy_entry(event)

    assert found in findings(journal_of(case))


def test_finds_who_was_neither_accepted_nor_told(case: Case):
    waiting = brought(BY_DEPARTMENT)
    assert waiting.state == Case.State.RECEIVED
    journal = journal_of(case, waiting)

    found = findings(journal, now=LATER, timers=True)

    assert f"(g) case {waiting.number} was to be accepted by 2026-11-30" in found


def test_finds_who_is_overdue_and_not_escalated(case: Case):
    waiting = brought(REVIEWED)
    journal = journal_of(case, waiting)

    found = findings(journal, now=LATER, timers=True)

    assert f"(g) case {waiting.number} is overdue (promised_on)" in found


def copy_entry(event: str) -> None:
    """Have one entry of the log stand there twice."""
    columns = 'leaf, leaf_hash, type, at, office, "case", exchange, subject, actor,'
    columns += " outcome, code"
    words = f"INSERT INTO ledger_logentry ({columns}) SELECT {columns}"
    assert run(f"{words} FROM ledger_logentry WHERE type = '{event}'")
