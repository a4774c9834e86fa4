"""
Verify an export of the log, a pair of checkpoints, or a receipt, trusting nobody.

    python -m services.ledger.verify DIR --key KEY [--old CHECKPOINT]
    python -m services.ledger.verify --key KEY --proof FILE.tlog-proof [--entry FILE]

It needs the standard library and `cryptography`: no framework, no database, no network.
Exit code 0 if everything holds, else 1 and one line that says what does not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.ledger.note import (
    Checkpoint,
    NoteRefused,
    VerifierKey,
    open_note,
    parse_checkpoint,
    parse_key,
    parse_proof,
)
from services.ledger.proofs import ProofFails, check_inclusion
from services.ledger.tiles import (
    ENTRY_LEVEL,
    WIDTH,
    Tile,
    TileDamaged,
    read_entries,
    read_tile,
    tiles_of,
)
from services.ledger.tree import Frontier, leaf_hash, root_of


class DoesNotHold(Exception):
    """Something is not as it should be; the message says what, for people."""


REFUSALS = (DoesNotHold, NoteRefused, ProofFails, TileDamaged)


@dataclass
class Export:
    """A folder laid out as C2SP tlog-tiles."""

    folder: Path

    def checkpoint_text(self) -> str:
        if not self.folder.is_dir():
            raise DoesNotHold(f"{self.folder} is no folder")
        if not any(self.folder.iterdir()):
            raise DoesNotHold(f"{self.folder} is empty: there is nothing to verify")
        return read_text(self.folder / "checkpoint")

    def hashes(self, tile: Tile) -> list[bytes]:
        return read_tile(tile, self._bytes(tile))

    def entries(self, tile: Tile) -> list[bytes]:
        return read_entries(tile, self._bytes(tile))

    def _bytes(self, tile: Tile) -> bytes:
        return read_bytes(self.folder / "tile" / tile.path)


@dataclass
class Rows:
    """The rows of full nodes above the leaves, tile by tile, as they come out."""

    export: Export
    waiting: list[list[bytes]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(self, level: int, node: bytes) -> None:
        """Take the next node of a level; compare each tile that is complete."""
        if level == len(self.waiting):
            self.waiting.append([])
            self.numbers.append(0)
        row = self.waiting[level]
        row.append(node)
        if len(row) == WIDTH:
            self._compare(level)
            self.add(level + 1, root_of(row))
            self.numbers[level] += 1
            row.clear()

    def finish(self) -> None:
        """Compare the partial tiles at the edge."""
        for level, row in enumerate(self.waiting):
            if row:
                self._compare(level)

    def _compare(self, level: int) -> None:
        row = self.waiting[level]
        tile = Tile(level, self.numbers[level], len(row))
        stated = self.export.hashes(tile)
        if stated != row:
            at = next(i for i, pair in enumerate(zip(stated, row)) if len({*pair}) > 1)  # noqa: B905  of one width
            where = tile.number * WIDTH + at
            what = f"index {where}" if level == 0 else f"node {where} of its level"
            raise DoesNotHold(
                f"tile/{tile.path} has another hash at {what}: entries and tiles do "
                "not belong together"
            )


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    options = _options(arguments)
    try:
        for line in _verify(options):
            print(line)  # noqa: T201  a program for people
    except REFUSALS as refusal:
        print(f"does not verify: {refusal}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def verify_export(
    export: Export, key: VerifierKey, *, old: str = "", entries: bool = True
) -> Checkpoint:
    """
    Return the checkpoint of an export whose every hash was derived again.

    :param old: the text of an earlier checkpoint that must be the beginning of this.
    :raises DoesNotHold: naming the first thing that differs.
    """
    head = signed_checkpoint(export.checkpoint_text(), key)
    earlier = signed_checkpoint(old, key) if old else None
    if earlier and earlier.size > head.size:
        raise DoesNotHold(
            f"the earlier checkpoint has {earlier.size} entries, this one only "
            f"{head.size}: the log was cut off, or they are swapped"
        )
    frontier, rows = _grow(Frontier(), [], earlier), Rows(export)
    for tile in tiles_of(head.size):
        if tile.level:
            break
        leaves = _leaves(export, tile, entries=entries)
        frontier = _grow(frontier, leaves, earlier)
        for leaf in leaves:
            rows.add(0, leaf)
    rows.finish()
    _same_root(frontier, head, "the checkpoint")
    return head


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


def signed_checkpoint(text: str, key: VerifierKey) -> Checkpoint:
    """
    Return a checkpoint that the key of its own log signed.

    :raises NoteRefused: if it is malformed or somebody else signed it.
    :raises DoesNotHold: if it is one of another log.
    """
    head = parse_checkpoint(open_note(text, [key]).text)
    if head.origin != key.name:
        raise DoesNotHold(
            f"the checkpoint is of the log {head.origin}, the key of {key.name}"
        )
    return head


def _verify(options: argparse.Namespace) -> Iterator[str]:
    key = parse_key(options.key)
    if options.proof:
        proof = read_text(options.proof)
        entry = read_bytes(options.entry) if options.entry else entry_within(proof)
        head = verify_receipt(proof, entry, key)
        yield entry.decode(errors="replace")
        yield f"{head.origin}: the entry is one of the {head.size} that were signed"
        yield "it was not changed since; whether it is true no log can prove"
    if not options.folder:
        return
    old = read_text(options.old) if options.old else ""
    export = Export(options.folder)
    head = verify_export(export, key, old=old, entries=not options.without_entries)
    yield f"{head.origin}: {head.size} entries, root {head.root.hex()}"
    yield "every hash was derived again and leads to the signed checkpoint"
    if old:
        yield "the earlier checkpoint is the beginning of this log"


def _leaves(export: Export, tile: Tile, *, entries: bool) -> list[bytes]:
    if not entries:
        return export.hashes(tile)
    bundle = tile._replace(level=ENTRY_LEVEL)
    return [leaf_hash(entry) for entry in export.entries(bundle)]


def _grow(
    frontier: Frontier, leaves: list[bytes], earlier: Checkpoint | None
) -> Frontier:
    """Append leaves; on the way the earlier checkpoint's root has to come out."""
    end = frontier.size + len(leaves)
    if earlier and frontier.size <= earlier.size <= end:
        _same_root(
            frontier.append(leaves[: earlier.size - frontier.size]),
            earlier,
            "the earlier checkpoint",
        )
    return frontier.append(leaves)


def _same_root(frontier: Frontier, head: Checkpoint, whose: str) -> None:
    if frontier.root() != head.root:
        raise DoesNotHold(
            f"the first {head.size} entries have the root {frontier.root().hex()}, "
            f"{whose} states {head.root.hex()}"
        )


def read_bytes(file: Path) -> bytes:
    """Return a file's content, or say that it is missing."""
    try:
        return file.read_bytes()
    except OSError as problem:
        raise DoesNotHold(f"{file} cannot be read: {problem.strerror}") from None


def read_text(file: Path) -> str:
    """Return a file's text, or say what is wrong with it."""
    try:
        return read_bytes(file).decode()
    except UnicodeDecodeError:
        raise DoesNotHold(f"{file} is no text") from None


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m services.ledger.verify",
        description="Verify an export of the log or a receipt, trusting nobody.",
    )
    parser.add_argument("folder", type=Path, nargs="?", help="export as tlog-tiles")
    parser.add_argument("--key", required=True, help="verifier key NAME+ID+KEY")
    parser.add_argument("--old", type=Path, help="an earlier checkpoint")
    parser.add_argument("--proof", type=Path, help="a receipt (.tlog-proof)")
    parser.add_argument("--entry", type=Path, help="its entry, if it holds none")
    parser.add_argument(
        "--without-entries", action="store_true", help="check public hashes only"
    )
    options = parser.parse_args(arguments)
    if options.entry and not options.proof:
        parser.error("--entry belongs to a --proof")
    if not (options.folder or options.proof):
        parser.error("give a folder, or --proof")
    return options


if __name__ == "__main__":
    sys.exit(main())
