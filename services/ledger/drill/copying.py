"""
A copy of the log's beginning, to be tampered with: the log itself is only read.

It stands in a SQLite file of its own, whatever the log stands in, and is signed with a
key made for the drill: nothing that comes of it could pass for the log's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.utils import ConnectionHandler

from services.common import triggers
from services.common.bulk import insert_rows
from services.common.errors import DomainError
from services.ledger import note
from services.ledger.checkpoint_check import Outside
from services.ledger.models import (
    Bundle,
    Checkpoint,
    EntryDetails,
    LogEntry,
    PendingEntries,
    Pseudonym,
    TreeHead,
    TreeNode,
)
from services.ledger.note import Ed25519Signer
from services.ledger.retention import FORGOTTEN
from services.ledger.shelf import pack_ids, split_ids
from services.ledger.witness import FolderWitness

ROWS_AT_ONCE = 500


class NothingSigned(DomainError):
    """There is no checkpoint over any entry yet, so nothing to drill."""

    code = "log_not_signed"


@dataclass(frozen=True)
class Copy:
    """The copy: its size, its own key, and the folder of its own witness."""

    size: int
    signer: Ed25519Signer
    folder: Path

    @property
    def witness(self) -> FolderWitness:
        return FolderWitness(self.folder)

    @property
    def outside(self) -> Outside:
        return Outside(self.signer.key, self.witness)


@contextmanager
def copied_log(*, most: int) -> Iterator[Copy]:
    """
    Have a copy stand in for the log: everything of this app reads and writes it.

    :param most: how many entries; it ends at the last checkpoint up to there.
    :raises NothingSigned: if no checkpoint covers an entry.
    """
    size = _size(most)
    with TemporaryDirectory(prefix="onelicense-drill-") as folder:
        own = connections[DEFAULT_DB_ALIAS]
        copy = _database(Path(folder) / "copy.sqlite3")
        _fill(copy, size)
        connections[DEFAULT_DB_ALIAS] = copy
        try:
            made = Copy(size, _signer(), Path(folder) / "witness")
            sign_again(made)
            triggers.install(copy, triggers.registered(copy, "ledger"))
            yield made
        finally:
            connections[DEFAULT_DB_ALIAS] = own
            copy.close()


def sign_again(copy: Copy) -> None:
    """Sign what the heads state, under the copy's key, and show it to its witness."""
    roots = dict(TreeHead.objects.values_list("size", "root"))
    for each in Checkpoint.objects.order_by("size"):
        text = signed(copy, each.size, bytes(roots.get(each.size, b"")))
        Checkpoint.objects.filter(pk=each.pk).update(note=text)
        copy.witness.keep(text, prove=lambda _old: (), now=each.signed_at)


def signed(copy: Copy, size: int, root: bytes) -> str:
    """Return a checkpoint under the copy's key."""
    stated = note.Checkpoint(copy.signer.name, size, root)
    return str(note.sign_note(stated.text, copy.signer))


def placed_ids(size: int) -> list[int]:
    """Return the ids of the first entries, as the tree has them."""
    packed = Bundle.objects.filter(start__lt=size).order_by("start")
    return [
        pk
        for ids in packed.values_list("entry_ids", flat=True)
        for pk in split_ids(bytes(ids))
    ]


def _signer() -> Ed25519Signer:
    return Ed25519Signer("drill.example/log", Ed25519PrivateKey.generate())


def _size(most: int) -> int:
    sizes = Checkpoint.objects.filter(size__gt=0).order_by("size")
    fitting = sizes.filter(size__lte=most).last() or sizes.first()
    if fitting is None:
        raise NothingSigned("nothing is signed yet; run `manage.py sequence_log`")
    return fitting.size


def _database(file: Path) -> BaseDatabaseWrapper:
    options = {"init_command": "PRAGMA recursive_triggers=ON; PRAGMA synchronous=OFF"}
    settings = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(file),
        "OPTIONS": options,
    }
    handler = ConnectionHandler({DEFAULT_DB_ALIAS: settings})
    database: BaseDatabaseWrapper = handler[DEFAULT_DB_ALIAS]
    with database.schema_editor() as editor:
        for model in apps.get_app_config("ledger").get_models():
            editor.create_model(model)
    return database


def _fill(copy: BaseDatabaseWrapper, size: int) -> None:
    for rows in (
        Bundle.objects.filter(start__lt=size),
        TreeHead.objects.filter(size__lte=size),
        TreeNode.objects.all(),
        Checkpoint.objects.filter(size__gt=0, size__lte=size),
    ):
        _take(copy, rows)
    with copy.cursor() as cursor:
        cursor.execute(
            "DELETE FROM ledger_treenode WHERE number >= %s >> (8 * level)", [size]
        )
    ids = placed_ids(size)
    # What was forgotten is said later in the log: here those entries wait for a place.
    later = set(LogEntry.objects.filter(type=FORGOTTEN).values_list("pk", flat=True))
    waiting = sorted(later - set(ids))
    hashes = LogEntry.objects.filter(pk__among=waiting).values_list("pk", "leaf_hash")
    insert_rows(
        copy,
        PendingEntries,
        ["first_id", "entry_ids", "hashes"],
        [(pk, pack_ids([pk]), digest) for pk, digest in hashes],
    )
    for page in _pages([*ids, *waiting]):
        entries = LogEntry.objects.filter(pk__among=page)
        _take(copy, entries)
        _take(copy, EntryDetails.objects.filter(pk__among=page))
    _take(copy, Pseudonym.objects.all())


def _pages(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for at in range(0, len(ids), ROWS_AT_ONCE):
        yield ids[at : at + ROWS_AT_ONCE]


def _take(copy: BaseDatabaseWrapper, rows: QuerySet[Model]) -> None:
    model = rows.model
    fields = model._meta.local_concrete_fields
    each = iter(rows.iterator(chunk_size=ROWS_AT_ONCE))
    while some := list(islice(each, ROWS_AT_ONCE)):
        values = [
            [
                field.get_db_prep_save(getattr(row, field.attname), copy)
                for field in fields
            ]
            for row in some
        ]
        insert_rows(copy, model, [str(field.column) for field in fields], values)
