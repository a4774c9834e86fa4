"""The explorer: filters together, pages by cursor, and a bound on each page's work."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain

import pytest

from services.common.actors import Actor
from services.ledger import explore as explorer
from services.ledger.entry import Entry
from services.ledger.explore import Filters, all_found, explore
from services.ledger.models import Pseudonym
from services.ledger.queries import EntryUnknown
from tests.clock import NOON
from tests.ledger.writing import LICENCE, REVIEWER, moved, write

pytestmark = pytest.mark.django_db

OTHER = "91330106FAKE00021X"
WORKER = Actor("system", "worker", "system", "系统")


ANYTHING = Filters()


def codes(filters: Filters = ANYTHING) -> list[str]:
    return [line.code for line in explore(filters).lines]


class TestFilters:
    @pytest.fixture(autouse=True)
    def _entries(self) -> None:
        write(
            moved("D1", code="a", office="scjg", subject=f"entity:{LICENCE}"),
            Entry(type="case.decided", case="D2", code="b", actor=REVIEWER),
            moved("D3", code="c", purpose='办理"餐饮"许可', actor=WORKER),
            moved("D4", code="d", outcome="FOUND", subject=f"other_entity:{LICENCE}"),
            moved("D5", code="e", subject=f"entity:{OTHER}", basis='"purpose":"办理'),
        )

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({}, ["e", "d", "c", "b", "a"]),
            ({"type": "case.decided"}, ["b"]),
            ({"case": "D3"}, ["c"]),
            ({"office": "scjg"}, ["a"]),
            ({"outcome": "FOUND"}, ["d"]),
            ({"code": "d"}, ["d"]),
            ({"licence": LICENCE}, ["d", "a"]),
            ({"licence": "91330102FAKE999999"}, []),
            ({"actor": REVIEWER.id}, ["b"]),
            ({"actor": "worker"}, ["c"]),
            ({"actor": "nobody"}, []),
            ({"purpose": '办理"餐'}, ["c"]),
            ({"purpose": "许可"}, []),
            ({"licence": LICENCE, "office": "scjg"}, ["a"]),
            ({"case": "D3", "office": "scjg"}, []),
        ],
    )
    def test_find_what_passes_all_of_them(self, asked, found) -> None:
        assert codes(Filters(**asked)) == found

    def test_find_a_person_by_pseudonym(self) -> None:
        known = Pseudonym.objects.get(clear=f"human:{REVIEWER.id}")

        assert codes(Filters(actor=known.pseudonym)) == ["b"]

    def test_find_nobody_whose_salt_is_gone(self) -> None:
        Pseudonym.objects.all().delete()

        assert codes(Filters(licence=LICENCE)) == []
        assert codes(Filters(actor=REVIEWER.id)) == []


class TestTime:
    def test_begins_with_since_and_ends_before_until(self) -> None:
        for hour in range(4):
            write(moved(code=str(hour)), at=NOON + timedelta(hours=hour))
        one, three = NOON + timedelta(hours=1), NOON + timedelta(hours=3)

        assert codes(Filters(since=one, until=three)) == ["2", "1"]

    def test_orders_entries_whose_clock_was_put_back(self) -> None:
        write(moved(code="first"), at=NOON)
        write(moved(code="earlier"), at=NOON - timedelta(days=1))

        assert codes() == ["first", "earlier"]
        assert codes(Filters(until=NOON)) == ["earlier"]


class TestPages:
    @pytest.mark.parametrize("asked", [Filters(), Filters(office="scjg")])
    @pytest.mark.parametrize("limit", [1, 2, 3, 5, 7])
    def test_meet_every_entry_once(self, asked, limit) -> None:
        """Some entries have the same time, and one was committed late."""
        for hour in (0, 1, 1, -1):
            write(
                *[moved(office="scjg") for _ in range(3)],
                at=NOON + timedelta(hours=hour),
            )
        pages, cursor = [], None
        while True:
            page = explore(asked, cursor=cursor, limit=limit)
            pages.append([line.pk for line in page.lines])
            cursor = page.older
            if cursor is None:
                break

        met = list(chain.from_iterable(pages))
        assert len(met) == len(set(met)) == 12
        assert {len(page) for page in pages[:-1]} <= {limit}
        assert met == [line.pk for line in explore(asked).lines]

    def test_begin_nowhere_without_their_entry(self) -> None:
        with pytest.raises(EntryUnknown):
            explore(Filters(), cursor=99)

    def test_cost_the_same_however_many_entries_they_show(
        self, django_assert_num_queries
    ) -> None:
        write(*[moved(subject=f"entity:{LICENCE}") for _ in range(60)])

        for limit in (1, 50):
            with django_assert_num_queries(3):
                explore(Filters(), limit=limit)


class TestReach:
    """What has no index is looked for among so many entries, then one may go on."""

    @pytest.fixture(autouse=True)
    def _reach(self, monkeypatch) -> None:
        monkeypatch.setattr(explorer, "REACH", 10)
        monkeypatch.setattr(explorer, "FEW", 10)

    def test_ends_a_page_that_found_nothing(self) -> None:
        rows = write(moved(code="needle"), *[moved() for _ in range(24)])

        first = explore(Filters(code="needle"))
        second = explore(Filters(code="needle"), cursor=first.older)
        third = explore(Filters(code="needle"), cursor=second.older)

        assert (first.lines, second.lines) == ([], [])
        assert (first.older, second.older) == (rows[15].pk, rows[5].pk)
        assert first.reached == second.reached == NOON
        assert [line.code for line in third.lines] == ["needle"]
        assert third.older is third.reached is None

    def test_counts_only_what_the_indexes_leave(self) -> None:
        write(moved("D1", code="needle"), *[moved("D2") for _ in range(24)])

        page = explore(Filters(case="D1", code="needle"))

        assert [line.code for line in page.lines] == ["needle"]

    def test_bounds_a_search_for_whom_many_entries_are_of(self) -> None:
        write(moved("D1", actor=REVIEWER), *[moved("D2") for _ in range(12)])
        write(*[moved(actor=WORKER, subject=f"entity:{LICENCE}") for _ in range(11)])

        nobodys = explore(Filters(actor="worker", licence=LICENCE, case="D9"))
        theirs = explore(Filters(actor="worker", licence=LICENCE))
        rest = explore(Filters(actor="worker"), cursor=theirs.older)

        assert (nobodys.lines, nobodys.older) == ([], None)
        assert (len(theirs.lines), theirs.reached) == (10, NOON)
        assert (len(rest.lines), rest.reached) == (1, NOON)
        assert len(explore(Filters(actor=REVIEWER.id)).lines) == 1

    def test_leaves_to_the_next_page_what_came_within_reach_meanwhile(
        self, monkeypatch
    ) -> None:
        rows = write(*[moved(code="x") for _ in range(24)])
        asked, edge, met = Filters(code="x"), explorer._edge, []

        def late(walk):
            write(moved(code="new"), moved(code="new"), moved(code="new"))
            return edge(walk)

        monkeypatch.setattr(explorer, "_edge", late)
        page = explore(asked)
        while page.older:
            met += [line.pk for line in page.lines]
            page = explore(asked, cursor=page.older)
        met += [line.pk for line in page.lines]

        assert met == [row.pk for row in reversed(rows)]

    def test_binds_no_search_by_index(self) -> None:
        write(*[moved(code=str(number)) for number in range(24)])

        assert len(explore(Filters(type="case.moved")).lines) == 24

    def test_lets_an_export_find_all(self, monkeypatch) -> None:
        monkeypatch.setattr(explorer, "CHUNK", 3)
        write(*[moved(code="x" if number % 5 else "") for number in range(50)])

        assert len(list(all_found(Filters(code="x")))) == 40
