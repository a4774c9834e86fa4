"""The means of somebody who owns the copy's database and its witness's folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.db import connection, transaction

from services.common import triggers
from services.ledger.drill.copying import Copy, placed_ids, sign_again
from services.ledger.models import Checkpoint, LogEntry, TreeHead
from services.ledger.operations.sequence import Leaves, append
from services.ledger.shelf import pack_ids
from services.ledger.tree import leaf_hash

TREE = ("ledger_bundle", "ledger_treehead", "ledger_treenode")
AT = datetime(2026, 1, 1, tzinfo=UTC)
UNIQUE_NUMBERS = ("start", "size", "number", "entry_id")


class NotPossible(Exception):
    """This log has nothing that could be tampered with in this way."""


@dataclass(frozen=True)
class Hand:
    """Somebody at work on the copy, who knows how it was."""

    copy: Copy
    random: Random
    order: Sequence[int]  # the entries' ids, as the tree has them
    heads: Sequence[int]  # sizes
    signed: Sequence[int]  # sizes

    def index(self) -> int:
        """Choose a leaf."""
        return self.random.randrange(len(self.order))

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Read by plain SQL."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def change(self, statement: str, *values: Any) -> None:
        """Write by plain SQL."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    def edit(self, table: str, column: str, key: str, value: object) -> int:
        """Change one byte, or a number, in a row; return which byte it was, or 0."""
        where = f'WHERE "{key}" = %s'
        ((old,),) = self.rows(f'SELECT "{column}" FROM {table} {where}', value)  # noqa: S608
        at, new = self._other(old)
        if column in UNIQUE_NUMBERS:
            ((new,),) = self.rows(f'SELECT max("{column}") + 1 FROM {table}')  # noqa: S608
        self.change(f'UPDATE {table} SET "{column}" = %s {where}', new, value)  # noqa: S608
        return at

    def _other(self, old: object) -> tuple[int, object]:
        """Return a value that differs in one byte, or by one, and in which."""
        if isinstance(old, int):
            return 0, old + 1
        if isinstance(old, bytes):
            at = self.random.randrange(len(old))
            flipped = old[at] ^ (1 << self.random.randrange(8))
            return at, old[:at] + bytes([flipped]) + old[at + 1 :]
        if isinstance(old, datetime):
            return 0, (old + timedelta(microseconds=1)).isoformat(sep=" ")
        old = str(old)
        at = self.random.randrange(len(old) + 1)
        return at, f"{old[:at]}{'y' if old[at : at + 1] == 'x' else 'x'}{old[at + 1 :]}"

    def rewrite(self, pk: int) -> None:
        """Give an entry another text, with column and hash to it."""
        entry = LogEntry.objects.get(pk=pk)
        code = "FORGED" if entry.code != "FORGED" else "FORGED_AGAIN"
        leaf = entry.leaf.replace(f'"code":"{entry.code}"', f'"code":"{code}"', 1)
        self.change(
            "UPDATE ledger_logentry SET leaf = %s, leaf_hash = %s, code = %s"
            " WHERE id = %s",
            *(leaf, leaf_hash(leaf.encode()), code, pk),
        )

    def copy_entry(self, pk: int) -> int:
        """Add an entry like another one; return its id."""
        fields = [str(each.column) for each in LogEntry._meta.local_concrete_fields[1:]]
        names = ", ".join(map(connection.ops.quote_name, fields))
        self.change(
            f"INSERT INTO ledger_logentry ({names}) SELECT {names}"  # noqa: S608
            " FROM ledger_logentry WHERE id = %s",
            pk,
        )
        ((new,),) = self.rows("SELECT max(id) FROM ledger_logentry")
        return int(new)

    def rebuild(self, order: Sequence[int]) -> None:
        """Build the tree anew over these entries, each hash right, heads in place."""
        for table in TREE:
            self.change(f"DELETE FROM {table}")  # noqa: S608  three known names
        hashes = dict(LogEntry.objects.values_list("pk", "leaf_hash"))
        start = 0
        for end in [*(size for size in self.heads if size < len(order)), len(order)]:
            part = order[start:end]
            digests = b"".join(hashes[pk] for pk in part)
            append(Leaves(pack_ids(part), digests), now=AT)
            start = end

    def sign_all(self) -> None:
        """Sign all checkpoints anew, as who holds the key can; the witness stays."""
        kept = witness_files(self.copy)
        sign_again(self.copy)
        put_back(self.copy, kept)


def hand_at(copy: Copy, random: Random) -> Hand:
    """Return somebody who knows the copy as it is now."""
    heads = TreeHead.objects.order_by("size").values_list("size", flat=True)
    signed = Checkpoint.objects.order_by("size").values_list("size", flat=True)
    return Hand(copy, random, placed_ids(copy.size), list(heads), list(signed))


def witness_files(copy: Copy) -> dict[str, bytes]:
    """Return what the witness's folder holds."""
    return {file.name: file.read_bytes() for file in copy.folder.iterdir()}


def put_back(copy: Copy, files: dict[str, bytes]) -> None:
    """Let the witness's folder hold this and nothing else."""
    for file in copy.folder.iterdir():
        file.unlink()
    for name, content in files.items():
        (copy.folder / name).write_bytes(content)


@contextmanager
def undone(copy: Copy) -> Iterator[None]:
    """Take back afterwards whatever was done to the copy and to its witness."""
    kept = witness_files(copy)
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        put_back(copy, kept)


@contextmanager
def without_triggers() -> Iterator[None]:
    """Do what only somebody can who owns the database, and leave no trace of that."""
    chosen = triggers.registered(connection, "ledger")
    triggers.drop(connection, chosen)
    yield
    triggers.install(connection, chosen)
