"""Lawful deletion: what goes, what stays, and what a quiet deletion looks like."""

from datetime import timedelta

import pytest
from django.db import transaction

from services.ledger import queries
from services.ledger.check import check_log
from services.ledger.entry import Entry
from services.ledger.explore import Filters, explore
from services.ledger.forgotten import Forgotten, unnamed
from services.ledger.models import EntryDetails, LogEntry, Pseudonym
from services.ledger.operations import forget
from services.ledger.operations.forget import (
    NotInLog,
    forget_expired,
    forget_subjects,
)
from services.ledger.operations.record import record_many
from services.ledger.operations.sequence import sequence_pending
from services.ledger.retention import FORGOTTEN, NAMES_KEPT, YEAR
from tests.clock import NOON
from tests.ledger.writing import LICENCE, REVIEWER, moved, place_and_sign, write

COMPANY, OTHER = f"entity:{LICENCE}", "entity:91330106FAKE00021X"
LATER = NOON + timedelta(days=1)
LONG_AGO = NOON - 12 * YEAR
QUIETLY = "its details are gone, and nothing says why"

pytestmark = pytest.mark.django_db


def about(subject: str, note: str) -> Entry:
    return moved(subject=subject, details={"note": note})


def found() -> list[str]:
    return [str(each) for each in check_log().differences]


def forget_company(*names: str) -> int:
    return forget_subjects(names=[COMPANY, *names], actor=REVIEWER, now=LATER)


class TestSubjects:
    def test_salt_name_and_details_are_gone_and_the_leaf_stays(self) -> None:
        (row,) = write(about(COMPANY, "a"))

        assert forget_company() == 1

        assert not Pseudonym.objects.filter(clear=COMPANY).exists()
        assert not EntryDetails.objects.filter(pk=row.pk).exists()
        assert LogEntry.objects.get(pk=row.pk).leaf == row.leaf

    def test_nobody_else_loses_anything(self) -> None:
        write(about(COMPANY, "a"))
        (row,) = write(about(OTHER, "b"))

        forget_company()

        assert EntryDetails.objects.get(pk=row.pk).body == {"note": "b"}
        assert Pseudonym.objects.filter(clear=OTHER).exists()

    def test_the_log_says_that_it_forgot_whom_by_whom_and_why(self) -> None:
        (row,) = write(about(COMPANY, "a"))

        forget_company()

        said = LogEntry.objects.get(type=FORGOTTEN)
        line = queries.entry(said.pk)
        assert said.subject == row.subject
        assert (line.actor, line.code) == (REVIEWER.name, "ON_REQUEST")
        assert (line.basis, line.details) == (forget.LAW, {"removed": 1})

    def test_neither_pages_nor_search_find_the_company(self) -> None:
        (row,) = write(about(COMPANY, "a"))
        assert [e.pk for e in explore(Filters(licence=LICENCE)).lines] == [row.pk]

        forget_company()

        assert explore(Filters(licence=LICENCE)).lines == []
        line = queries.entry(row.pk)
        assert (line.subject, line.details) == (row.subject, {})

    def test_whoever_comes_again_is_somebody_else(self) -> None:
        (before,) = write(about(COMPANY, "a"))
        forget_company()

        (after,) = write(about(COMPANY, "b"))

        assert after.subject != before.subject
        assert found() == []

    def test_several_names_go_together(self) -> None:
        write(about(COMPANY, "a"), about(OTHER, "b"))

        assert forget_company(OTHER) == 2
        assert LogEntry.objects.filter(type=FORGOTTEN).count() == 2
        assert not Pseudonym.objects.filter(clear__startswith="entity:").exists()

    def test_who_is_not_in_the_log_is_named_and_nothing_is_done(self) -> None:
        write(about(COMPANY, "a"))

        with pytest.raises(NotInLog, match=OTHER):
            forget_company(OTHER)

        assert EntryDetails.objects.count() == 1
        assert not LogEntry.objects.filter(type=FORGOTTEN).exists()

    def test_forgetting_twice_is_refused(self) -> None:
        write(about(COMPANY, "a"))
        forget_company()

        with pytest.raises(NotInLog):
            forget_company()

    def test_a_record_that_fails_leaves_everything(self, monkeypatch) -> None:
        write(about(COMPANY, "a"))
        monkeypatch.setattr(forget, "record_many", _fail)

        with pytest.raises(RuntimeError), transaction.atomic():
            forget_company()

        assert EntryDetails.objects.count() == 1
        assert Pseudonym.objects.filter(clear=COMPANY).exists()

    def test_who_comes_second_finds_nobody_and_leaves_no_trace(
        self, monkeypatch
    ) -> None:
        write(about(COMPANY, "a"))

        def somebody_is_quicker(entries, *, at) -> None:
            Pseudonym.objects.filter(clear=COMPANY).delete()
            record_many(entries, at=at)

        monkeypatch.setattr(forget, "record_many", somebody_is_quicker)

        with pytest.raises(NotInLog), transaction.atomic():
            forget_company()

        assert not LogEntry.objects.filter(type=FORGOTTEN).exists()
        assert Pseudonym.objects.filter(clear=COMPANY).count() == 1

    def test_details_written_while_the_name_went_go_with_the_next_run(self) -> None:
        (row,) = write(about(COMPANY, "a"))
        forget_company()
        EntryDetails.objects.create(entry_id=row.pk, salt=b"s" * 16, body={})

        forget_expired(actor=REVIEWER, now=LATER)

        assert not EntryDetails.objects.filter(pk=row.pk).exists()
        kept = EntryDetails.objects.values_list("body", flat=True)
        assert list(kept) == [{"removed": 1}]


class TestExpiry:
    def test_each_class_has_its_own_time(self) -> None:
        seen = Entry(type="evidence.viewed", details={"note": "look"})
        old = NOON - 4 * YEAR
        write(about(COMPANY, "case"), seen, at=old)

        counts = forget_expired(actor=REVIEWER, now=NOON)

        assert {name: n for name, n in counts.items() if n} == {"looks": 1}
        bodies = list(
            EntryDetails.objects.order_by("pk").values_list("body", flat=True)
        )
        assert bodies[0] == {"note": "case"}
        assert (bodies[1]["class"], bodies[1]["removed"]) == ("looks", 1)

    def test_the_last_day_still_counts(self) -> None:
        write(Entry(type="signin.failed", details={"note": "x"}), at=NOON - YEAR)

        counts = forget_expired(actor=REVIEWER, now=NOON)

        assert counts["signin"] == 0

    def test_many_go_in_several_transactions_each_with_its_entry(
        self, monkeypatch
    ) -> None:
        monkeypatch.setattr(forget, "ROWS_AT_ONCE", 2)
        write(*[about(COMPANY, "x")] * 5, at=LONG_AGO)

        counts = forget_expired(actor=REVIEWER, now=NOON)

        assert counts["cases"] == 5
        entries = LogEntry.objects.filter(type=FORGOTTEN, code="EXPIRED")
        rules = EntryDetails.objects.filter(entry_id__in=entries.values("pk"))
        removed = [
            rule["removed"]
            for rule in rules.order_by("pk").values_list("body", flat=True)
            if rule["class"] == "cases"
        ]
        assert removed == [2, 2, 1]

    def test_a_second_run_finds_nothing_and_says_nothing(self) -> None:
        write(about(COMPANY, "x"), at=LONG_AGO)
        forget_expired(actor=REVIEWER, now=NOON)
        said = LogEntry.objects.filter(type=FORGOTTEN).count()

        counts = forget_expired(actor=REVIEWER, now=NOON)

        assert set(counts.values()) == {0}
        assert LogEntry.objects.filter(type=FORGOTTEN).count() == said

    def test_what_the_log_forgot_is_never_forgotten(self) -> None:
        write(about(COMPANY, "x"), at=LONG_AGO)
        forget_subjects(names=[COMPANY], actor=REVIEWER, now=LONG_AGO)

        forget_expired(actor=REVIEWER, now=NOON)

        entry = LogEntry.objects.filter(type=FORGOTTEN).earliest("pk")
        assert EntryDetails.objects.filter(pk=entry.pk).exists()

    def test_names_go_when_nothing_names_them_for_long(self) -> None:
        write(about(COMPANY, "x"), about(OTHER, "y"), at=LONG_AGO)
        write(moved(subject=OTHER, actor=REVIEWER), at=NOON)

        counts = forget_expired(actor=REVIEWER, now=NOON)

        assert counts["names"] == 1
        kept = set(Pseudonym.objects.values_list("clear", flat=True))
        assert kept == {OTHER, f"human:{REVIEWER.id}"}
        assert list(unnamed()) == []


class TestFsck:
    def test_proofs_and_fsck_hold_after_everything_was_forgotten(self) -> None:
        write(about(COMPANY, "old"), about(OTHER, "old"), at=LONG_AGO)
        write(about(COMPANY, "a"), moved(subject=OTHER, actor=REVIEWER))
        place_and_sign()

        forget_company()
        forget_expired(actor=REVIEWER, now=LATER)
        place_and_sign(at=LATER)

        assert found() == []
        assert check_log().size == LogEntry.objects.count()

    def test_what_was_forgotten_by_one_run_and_the_next_is_covered(self) -> None:
        write(about(COMPANY, "older"), at=LONG_AGO)
        write(about(COMPANY, "old"), at=LONG_AGO + YEAR)
        for now in (LONG_AGO + 10.5 * YEAR, NOON):
            counts = forget_expired(actor=REVIEWER, now=now)
            assert counts["cases"] == 1
        sequence_pending(now=NOON)

        assert found() == []

    def test_a_quiet_deletion_is_named(self) -> None:
        write(about(OTHER, "a"))
        (row,) = write(about(COMPANY, "b"))
        sequence_pending(now=NOON)
        EntryDetails.objects.filter(pk=row.pk).delete()

        assert found() == [f"index 1: entry {row.pk}: {QUIETLY}"]

    def test_a_quiet_deletion_beside_lawful_ones_is_named(self) -> None:
        write(about(COMPANY, "a"))
        (row,) = write(about(OTHER, "b"))
        write(about(OTHER, "old"), at=LONG_AGO)
        forget_company()
        forget_expired(actor=REVIEWER, now=LATER)
        EntryDetails.objects.filter(pk=row.pk).delete()
        sequence_pending(now=LATER)

        assert found() == [f"index 1: entry {row.pk}: {QUIETLY}"]

    def test_without_the_log_s_own_details_nothing_is_covered(self) -> None:
        (row,) = write(about(OTHER, "old"), at=LONG_AGO)
        forget_expired(actor=REVIEWER, now=NOON)
        EntryDetails.objects.all().delete()
        sequence_pending(now=NOON)

        assert found()[0] == f"index 0: entry {row.pk}: {QUIETLY}"

    def test_the_details_of_log_forgotten_itself_may_not_go(self) -> None:
        write(about(COMPANY, "a"))
        forget_company()
        said = LogEntry.objects.get(type=FORGOTTEN)
        EntryDetails.objects.filter(pk=said.pk).delete()
        sequence_pending(now=LATER)

        assert found() == [f"index 1: entry {said.pk}: {QUIETLY}"]

    def test_a_name_that_went_quietly_is_named(self) -> None:
        (row,) = write(moved(subject=COMPANY, actor=REVIEWER))
        Pseudonym.objects.filter(clear=COMPANY).delete()

        assert list(unnamed()) == [row.subject]
        assert any(row.subject in each for each in found())

    def test_a_clerk_s_name_that_went_quietly_is_named_too(self) -> None:
        (row,) = write(moved(actor=REVIEWER))
        Pseudonym.objects.all().delete()

        assert list(unnamed()) == [row.actor]

    def test_names_in_use_are_not_covered_by_the_age_of_others(self) -> None:
        write(moved(subject=OTHER), at=NOON - NAMES_KEPT - YEAR)
        assert forget_expired(actor=REVIEWER, now=NOON)["names"] == 1
        (row,) = write(moved(subject=COMPANY, actor=REVIEWER))
        Pseudonym.objects.all().delete()

        assert list(unnamed()) == sorted([row.subject, row.actor])

    def test_what_is_forgotten_while_one_looks_is_no_difference(self) -> None:
        (row,) = write(about(COMPANY, "a"))
        known = Forgotten.read()
        facts = {"type": row.type, "at": row.at, "subject": row.subject}
        assert not known.covers(**facts)

        forget_company()

        assert known.covers(**facts)

    def test_a_pending_entry_is_looked_at_too(self) -> None:
        (row,) = write(about(COMPANY, "a"))
        EntryDetails.objects.all().delete()

        assert found() == [f"pending entry {row.pk}: {QUIETLY}"]


def _fail(*_args: object, **_options: object) -> None:
    raise RuntimeError
