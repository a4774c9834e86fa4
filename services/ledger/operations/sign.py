"""Sign the newest tree head, once the witness has seen that the log only grew."""

from __future__ import annotations

from datetime import datetime

from services.common.errors import DomainError
from services.ledger import note
from services.ledger.models import Checkpoint, TreeHead
from services.ledger.note import Signer
from services.ledger.proofs import (
    ProofFails,
    check_consistency,
    consistency_ranges,
    range_hash,
)
from services.ledger.shelf import TileMissing, hashes_of
from services.ledger.tiles import node_in
from services.ledger.tree import EMPTY_ROOT
from services.ledger.witness import Witness


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
    newest = TreeHead.objects.order_by("-size").first()
    head = newest or TreeHead(size=0, root=EMPTY_ROOT)
    if Checkpoint.objects.filter(size=head.size).exists():
        return False
    signed = note.Checkpoint(signer.key.name, head.size, bytes(head.root))
    _refuse_inconsistent(signed, signer, witness.newest())
    text = str(note.sign_note(signed.text, signer))
    witness.keep(text, now=now)
    Checkpoint.objects.bulk_create(
        [Checkpoint(size=head.size, note=text, signed_at=now)], ignore_conflicts=True
    )
    return True


def _refuse_inconsistent(head: note.Checkpoint, signer: Signer, newest: str) -> None:
    """
    Compare with what the witness holds, from the stored hashes and not the heads.

    The new root is derived too: the proof from nothing to it is the tree itself.
    """
    try:
        seen = _seen(newest, signer) if newest else head._replace(size=0)
        if seen.size > head.size:
            raise LogInconsistent(
                f"the witness has seen {seen.size} entries, the log has {head.size}: "
                "it was cut off, or an old backup was restored"
            )
        node_at = node_in(head.size, hashes_of)
        ranges = consistency_ranges(old=seen.size, size=head.size)
        if seen.size:
            check_consistency(
                old=seen.size,
                old_root=seen.root,
                size=head.size,
                root=head.root,
                proof=[range_hash(each, node_at) for each in ranges],
            )
    except (ProofFails, TileMissing, note.NoteRefused) as problem:
        raise LogInconsistent(
            f"the log does not continue what the witness has seen: {problem}"
        ) from problem


def _seen(text: str, signer: Signer) -> note.Checkpoint:
    return note.parse_checkpoint(note.open_note(text, [signer.key]).text)
