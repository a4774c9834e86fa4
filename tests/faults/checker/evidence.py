"""What the checker looks at: the clients' journals and both databases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from tests.faults.checker.books import Books, Row
from tests.faults.load import Journal

CASES = """
SELECT c.id, c.number, c.reference, c.state, c.waits_for, c.received_at,
       c.complete_at, c.accept_by, c.accepted_at, c.deemed_accepted, c.promised_days,
       c.promised_on, c.statutory_on, c.decided_at, c.delivered_at, c.ended_at,
       e.uscc, v.item_id AS item
  FROM cases_case c
  JOIN registry_entity e ON e.id = c.entity_id
  JOIN catalogue_itemversion v ON v.id = c.item_version_id
 WHERE c.number IS NOT NULL
 ORDER BY c.id
"""


@dataclass
class Evidence:
    """The same for every check; nothing in it comes from the code under test."""

    books: Books
    journal: Journal
    now: datetime  # of the application's clock
    #: How far the clock was put back and on while filings came in.
    moved: tuple[timedelta, timedelta] = (timedelta(0), timedelta(0))
    #: Time has passed every deadline, and the timers had their turn.
    timers: bool = False

    @cached_property
    def cases(self) -> list[Row]:
        """Return every filed case."""
        return self.books.ours(CASES)

    @cached_property
    def open_tasks(self) -> dict[int, set[str]]:
        """Return the kinds of open tasks by case."""
        kinds: dict[int, set[str]] = {}
        words = "SELECT case_id, kind FROM cases_task WHERE closed_at IS NULL"
        for row in self.books.ours(words):
            kinds.setdefault(row["case_id"], set()).add(row["kind"])
        return kinds

    def logged(self, event: str, by: str = '"case"') -> dict[str, int]:
        """Count the log's entries of a type by case or exchange."""
        words = f"SELECT {by} AS name, count(*) AS n FROM ledger_logentry"
        words += f" WHERE type = '{event}' GROUP BY {by}"
        return {row["name"]: row["n"] for row in self.books.ours(words)}
