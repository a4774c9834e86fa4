from datetime import timedelta

import pytest

from services.common.actors import Actor
from services.ledger.entry import Entry
from services.ledger.models import EntryDetails, Pseudonym
from services.ledger.operations.sequence import sequence_pending
from services.ledger.queries import (
    EntryUnknown,
    entries_of_case,
    entry,
    integrity,
)
from services.ledger.tree import EMPTY_ROOT, root_of
from tests.clock import NOON
from tests.ledger.writing import LICENCE, REVIEWER, moved, write


@pytest.mark.django_db
class TestEntriesOfCase:
    def test_returns_only_its_own_oldest_first(self) -> None:
        write(moved("D1", code="1"), moved("D2"), moved("D1", code="2"))

        assert [line.code for line in entries_of_case("D1")] == ["1", "2"]

    def test_shows_names_and_details_in_clear(self) -> None:
        write(
            Entry(
                type="case.decided",
                case="D1",
                actor=REVIEWER,
                subject=f"entity:{LICENCE}",
                purpose="办理食品经营许可",
                basis="食品安全法",
                outcome="approved",
                details={"number": "330100-20261123-000001"},
            )
        )

        (line,) = entries_of_case("D1")

        assert line.actor == "王芳"
        assert (line.actor_kind, line.actor_role) == ("human", "reviewer")
        assert line.subject == f"entity:{LICENCE}"
        assert (line.purpose, line.basis) == ("办理食品经营许可", "食品安全法")
        assert (line.at, line.outcome) == (NOON, "approved")
        assert line.details == {"number": "330100-20261123-000001"}

    def test_a_person_without_a_name_is_shown_by_user_name(self) -> None:
        write(moved("D1", actor=Actor("human", "clerk-7", "clerk")))

        assert entries_of_case("D1")[0].actor == "clerk-7"

    def test_a_process_is_shown_by_its_name(self) -> None:
        write(moved("D1", actor=Actor("system", "worker", "system")))

        line = entries_of_case("D1")[0]
        assert (line.actor, line.actor_kind) == ("worker", "system")

    def test_whoever_was_forgotten_stays_a_pseudonym(self) -> None:
        (row,) = write(
            moved("D1", actor=REVIEWER, subject="person:a", details={"a": 1})
        )
        Pseudonym.objects.all().delete()
        EntryDetails.objects.all().delete()

        (line,) = entries_of_case("D1")

        assert (line.actor, line.subject) == (row.actor, row.subject)
        assert line.details == {}

    def test_no_case_has_no_entries(self) -> None:
        write(moved(""))

        assert entries_of_case("") == []

    def test_asks_three_questions_however_many_entries(
        self, django_assert_num_queries
    ) -> None:
        write(*[moved("D1", subject=f"person:{n}", details={"n": n}) for n in range(9)])

        with django_assert_num_queries(3):
            assert len(entries_of_case("D1")) == 9


@pytest.mark.django_db
class TestEntry:
    def test_returns_one(self) -> None:
        (row, _) = write(moved("D1"), moved("D2"))

        assert entry(row.pk).case == "D1"

    def test_refuses_one_that_does_not_exist(self) -> None:
        with pytest.raises(EntryUnknown):
            entry(1)


@pytest.mark.django_db
class TestIntegrity:
    def test_of_an_empty_log(self) -> None:
        assert integrity() == (0, EMPTY_ROOT.hex(), 0, None, None)

    def test_tells_what_is_covered_and_what_waits(self) -> None:
        rows = write(moved(), moved())
        later = NOON + timedelta(minutes=1)
        sequence_pending(now=later)
        write(moved(), at=later)
        write(moved(), at=later + timedelta(minutes=1))

        told = integrity()

        assert (told.size, told.pending) == (2, 2)
        assert told.root == root_of([bytes(row.leaf_hash) for row in rows]).hex()
        assert told.oldest_pending_at == told.head_at == later
