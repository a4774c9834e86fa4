"""
Verify an export of the log, a pair of checkpoints, or a receipt, trusting nobody.

    python -m services.ledger.verify DIR --key KEY [--old CHECKPOINT]
    python -m services.ledger.verify https://HALL/log --key KEY --without-entries
    python -m services.ledger.verify --key KEY --proof FILE.tlog-proof [--entry FILE]
    python -m services.ledger.verify --key KEY --old CHECKPOINT --new CHECKPOINT [DIR]

With --witness KEY, that witness must have cosigned the checkpoint.
It needs the standard library and `cryptography`: no framework, no database, and no
network unless it is given an address.
Exit code 0 if everything holds, else 1 and one line that says what does not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from services.ledger.exported import (
    DoesNotHold,
    Export,
    Source,
    read_bytes,
    read_text,
    signed_checkpoint,
    verify_export,
)
from services.ledger.note import (
    COSIGNATURE,
    Checkpoint,
    NoteRefused,
    VerifierKey,
    cosigned_at,
    open_note,
    parse_key,
    parse_proof,
)
from services.ledger.pairs import verify_pair
from services.ledger.proofs import ProofFails, check_inclusion
from services.ledger.served import SCHEMES, Served
from services.ledger.tiles import TileDamaged
from services.ledger.tree import leaf_hash

REFUSALS = (DoesNotHold, NoteRefused, ProofFails, TileDamaged)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    options = _options(arguments)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        for line in _verify(options):
            print(line)  # noqa: T201  a program for people
    except REFUSALS as refusal:
        print(f"does not verify: {refusal}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def verify_receipt(proof: str, entry: bytes, key: VerifierKey) -> Checkpoint:
    """
    Return the checkpoint in which a receipt shows an entry to stand.

    :raises ProofFails: or NoteRefused, if it does not.
    """
    stated = parse_proof(proof)
    head = signed_checkpoint(stated.checkpoint, key)
    check_inclusion(
        leaf=leaf_hash(entry),
        index=stated.index,
        size=head.size,
        root=head.root,
        proof=stated.hashes,
    )
    return head


def entry_within(proof: str) -> bytes:
    """
    Return the entry that a receipt brings along; the proof tells whether it is the one.

    :raises DoesNotHold: if it brings none.
    """
    entry = parse_proof(proof).extra
    if not entry:
        raise DoesNotHold("the receipt does not hold its entry; give it with --entry")
    return entry


def witnessed(text: str, witnesses: Sequence[VerifierKey]) -> Iterator[str]:
    """
    Yield which of these witnesses saw a checkpoint, and when, by their own clocks.

    :raises NoteRefused: if one of them did not sign it.
    """
    for witness in witnesses:
        (signature,) = open_note(text, [witness]).signatures[:1]
        try:
            at = datetime.fromtimestamp(cosigned_at(signature), UTC)
        except (OverflowError, OSError, ValueError):
            raise DoesNotHold(f"{witness.name} states no time of this world") from None
        yield f"{witness.name} saw this checkpoint at {at:%Y-%m-%dT%H:%M:%SZ}"


def _verify(options: argparse.Namespace) -> Iterator[str]:
    key = parse_key(options.key)
    witnesses = [witness_key(text) for text in options.witness]
    if options.proof:
        proof = read_text(options.proof)
        entry = read_bytes(options.entry) if options.entry else entry_within(proof)
        head = verify_receipt(proof, entry, key)
        yield entry.decode(errors="replace")
        yield f"{head.origin}: the entry is one of the {head.size} that were signed"
        yield "it was not changed since; whether it is true no log can prove"
        yield from witnessed(parse_proof(proof).checkpoint, witnesses)
    source = _source(options.folder) if options.folder else None
    if options.new:
        yield from _compared(options, key, source, witnesses)
    elif source:
        yield from _derived(options, key, source, witnesses)


def _source(where: str) -> Source:
    return Served(where) if where.startswith(SCHEMES) else Export(Path(where))


def _compared(
    options: argparse.Namespace,
    key: VerifierKey,
    source: Source | None,
    witnesses: Sequence[VerifierKey],
) -> Iterator[str]:
    old, new = read_text(options.old), read_text(options.new)
    head = verify_pair(old, new, key, source=source)
    yield f"{head.origin}: {head.size} entries, root {head.root.hex()}"
    yield "the old checkpoint is the beginning of the new one"
    yield from witnessed(new, witnesses)


def _derived(
    options: argparse.Namespace,
    key: VerifierKey,
    export: Source,
    witnesses: Sequence[VerifierKey],
) -> Iterator[str]:
    old = read_text(options.old) if options.old else ""
    head = verify_export(export, key, old=old, entries=not options.without_entries)
    yield f"{head.origin}: {head.size} entries, root {head.root.hex()}"
    yield "every hash was derived again and leads to the signed checkpoint"
    yield from witnessed(export.checkpoint_text(), witnesses)
    if old:
        yield "the earlier checkpoint is the beginning of this log"


def witness_key(text: str) -> VerifierKey:
    """
    Return the key of a witness.

    :raises DoesNotHold: if it signs no times.
    """
    key = parse_key(text)
    if key.kind != COSIGNATURE:
        raise DoesNotHold(f"the key of {key.name} is no witness's key (type 0x04)")
    return key


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m services.ledger.verify",
        description="Verify an export of the log or a receipt, trusting nobody.",
    )
    parser.add_argument(
        "folder", nargs="?", help="export as tlog-tiles, or where a log is served"
    )
    parser.add_argument("--key", required=True, help="verifier key NAME+ID+KEY")
    parser.add_argument("--witness", action="append", default=[], help="its key")
    parser.add_argument("--old", type=Path, help="an earlier checkpoint")
    parser.add_argument(
        "--new", type=Path, help="a later one, to be compared with it and nothing else"
    )
    parser.add_argument("--proof", type=Path, help="a receipt (.tlog-proof)")
    parser.add_argument("--entry", type=Path, help="its entry, if it holds none")
    parser.add_argument(
        "--without-entries", action="store_true", help="check public hashes only"
    )
    options = parser.parse_args(arguments)
    if options.entry and not options.proof:
        parser.error("--entry belongs to a --proof")
    if options.new and not options.old:
        parser.error("--new belongs to an --old")
    if not (options.folder or options.proof or options.new):
        parser.error("give a folder, --proof, or --old and --new")
    return options


if __name__ == "__main__":
    sys.exit(main())
