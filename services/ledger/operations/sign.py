"""Sign the newest tree head, once the witness has seen that the log only grew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from django.db import connections, router

from services.common.bulk import insert_new_rows
from services.common.errors import DomainError
from services.common.statements import fetch
from services.ledger import note
from services.ledger.http_witness import WitnessRefuses
from services.ledger.models import Checkpoint
from services.ledger.note import Signer
from services.ledger.proofs import (
    ProofFails,
    check_consistency,
    consistency_ranges,
    range_hash,
)
from services.ledger.shelf import TileMissing, hashes_of
from services.ledger.tiles import frontier_in, node_in
from services.ledger.tree import EMPTY_ROOT
from services.ledger.witness import Witness

#: The newest head, if any; whether it is signed; the newest checkpoint, if any.
STATE_SQL = """
SELECT head.size, head.root,
       EXISTS (SELECT 1 FROM ledger_checkpoint WHERE size = coalesce(head.size, 0)),
       (SELECT note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1)
  FROM (SELECT max(size) AS size FROM ledger_treehead) AS newest
  LEFT JOIN ledger_treehead AS head ON head.size = newest.size
"""


class LogInconsistent(DomainError):
    """The log is not a continuation of what was signed before; nothing is signed."""

    code = "log_inconsistent"


def sign_newest(*, signer: Signer, witness: Witness, now: datetime) -> bool:
    """
    Sign and publish the newest tree head; return whether there was anything to sign.

    An empty log has a head too. The witness keeps each first: what was published can
    then not be taken back. After a crash in between, the same head is signed again,
    which says the same.

    :raises LogInconsistent: if the log is not what the witness saw, grown.
    """
    connection = connections[router.db_for_write(Checkpoint)]
    ((size, root, is_signed, ours),) = fetch(connection, STATE_SQL, [])
    if is_signed:
        return False
    head = note.Checkpoint(signer.key.name, size or 0, bytes(root or EMPTY_ROOT))
    tree = _Tree(head.size)
    _refuse_inconsistent(head, tree, _seen_before(signer, witness, ours))
    text = str(note.sign_note(head.text, signer))
    try:
        cosignatures = witness.keep(text, prove=tree.proof_from, now=now)
    except WitnessRefuses as problem:
        raise LogInconsistent(f"the witness does not cosign: {problem}") from problem
    published = (head.size, text + cosignatures, now)
    insert_new_rows(connection, Checkpoint, ("size", "note", "signed_at"), [published])
    return True


class _Tree:
    """The tree of a size, as the stored hashes have it; each tile is read once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._hashes_of = cache(hashes_of)

    def root(self) -> bytes:
        return frontier_in(self._size, self._hashes_of).root()

    def proof_from(self, old: int) -> list[bytes]:
        node_at = node_in(self._size, self._hashes_of)
        ranges = consistency_ranges(old=old, size=self._size)
        return [range_hash(each, node_at) for each in ranges]


def _seen_before(
    signer: Signer, witness: Witness, ours: str | None
) -> dict[note.Checkpoint, str]:
    """Return the newest heads that we and the witness know of, and who does."""
    known = {"a checkpoint": ours, "the witness": witness.newest()}
    try:
        return {_stated(text, signer): who for who, text in known.items() if text}
    except note.NoteRefused as problem:
        raise LogInconsistent(
            f"what was signed before cannot be read: {problem}"
        ) from problem


def _refuse_inconsistent(
    head: note.Checkpoint, tree: _Tree, seen: Mapping[note.Checkpoint, str]
) -> None:
    """Compare with what was seen before, from the stored hashes and not the heads."""
    for before, who in seen.items():
        if before.size > head.size:
            raise LogInconsistent(
                f"{who} has seen {before.size} entries, the log has {head.size}: "
                "it was cut off, or an old backup was restored"
            )
    try:
        if tree.root() != head.root:
            raise LogInconsistent(
                f"the hashes of {head.size} entries have another root"
            )
        for before in seen:
            check_consistency(
                old=before.size,
                old_root=before.root,
                size=head.size,
                root=head.root,
                proof=tree.proof_from(before.size),
            )
    except (ProofFails, TileMissing) as problem:
        raise LogInconsistent(
            f"the log does not continue what was seen before: {problem}"
        ) from problem


def _stated(text: str, signer: Signer) -> note.Checkpoint:
    return note.parse_checkpoint(note.open_note(text, [signer.key]).text)
