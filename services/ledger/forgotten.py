"""What may lawfully be missing beside the leaves: the log says so itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connections, router

from services.common.statements import fetch
from services.ledger.models import EntryDetails, LogEntry
from services.ledger.retention import FORGOTTEN, NAMES

# A person's pseudonym is hexadecimal SHA-256; names of processes are shorter.
UNNAMED_SQL = """
SELECT subject FROM ledger_logentry e WHERE subject <> '' AND NOT EXISTS
    (SELECT 1 FROM ledger_pseudonym p WHERE p.pseudonym = e.subject)
UNION SELECT actor FROM ledger_logentry e WHERE length(actor) = 64 AND NOT EXISTS
    (SELECT 1 FROM ledger_pseudonym p WHERE p.pseudonym = e.actor)
"""


@dataclass
class Forgotten:
    """Until when details are forgotten by their age, and who is altogether."""

    before: dict[str, datetime]  # class or event type → instant
    names: frozenset[str]  # pseudonyms

    @classmethod
    def read(cls) -> Forgotten:
        """Read what the log says that it forgot."""
        before: dict[str, datetime] = {}
        entries = LogEntry.objects.filter(type=FORGOTTEN)
        rules = EntryDetails.objects.filter(
            entry_id__in=entries.values("pk"), body__has_key="before"
        )
        for rule in rules.values_list("body", flat=True):
            instant = datetime.fromisoformat(rule["before"])
            for name in (rule["class"], *rule["types"]):
                before[name] = max(before.get(name, instant), instant)
        names = entries.exclude(subject="").values_list("subject", flat=True)
        return cls(before, frozenset(names))

    def covers(self, *, type: str, at: datetime, subject: str) -> bool:  # noqa: A002
        """
        Tell whether the details of such an entry may be missing.

        The log is read once more before the answer is no: something may have been
        forgotten meanwhile.
        """
        if type == FORGOTTEN:
            return False
        if self._covers(type, at, subject):
            return True
        now = Forgotten.read()
        self.before, self.names = now.before, now.names
        return self._covers(type, at, subject)

    def _covers(self, event: str, at: datetime, subject: str) -> bool:
        cutoff = self.before.get(event)
        return subject in self.names or (cutoff is not None and at < cutoff)


def unnamed() -> Iterator[str]:
    """Yield pseudonyms in entries whose salt is gone though nobody forgot it."""
    connection = connections[router.db_for_read(LogEntry)]
    missing = {name for (name,) in fetch(connection, UNNAMED_SQL, [])}
    if not missing:
        return
    forgotten = Forgotten.read()
    doubtful = missing - forgotten.names
    if NAMES in forgotten.before:
        doubtful &= _named_since(forgotten.before[NAMES], doubtful)
    yield from sorted(doubtful)


def _named_since(instant: datetime, names: Iterable[str]) -> set[str]:
    entries = LogEntry.objects.filter(at__gte=instant)
    return {
        *entries.filter(subject__among=names).values_list("subject", flat=True),
        *entries.filter(actor__among=names).values_list("actor", flat=True),
    }
