"""
Derive an export of the log again, every hash of it, from its entries up. Pure.

`services.ledger.verify` is the program around it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path

from services.ledger.note import (
    Checkpoint,
    VerifierKey,
    open_note,
    parse_checkpoint,
)
from services.ledger.tiles import (
    ENTRY_LEVEL,
    WIDTH,
    Tile,
    read_entries,
    read_tile,
    tiles_of,
)
from services.ledger.tree import Frontier, leaf_hash, root_of


class DoesNotHold(Exception):
    """Something is not as it should be; the message says what, for people."""


class Source(ABC):
    """A log laid out as C2SP tlog-tiles, wherever it is."""

    @abstractmethod
    def checkpoint_text(self) -> str:
        """Return the checkpoint that everything has to lead to."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """Return what stands at a path, or raise DoesNotHold."""

    def hashes(self, tile: Tile) -> list[bytes]:
        return read_tile(tile, self.read(f"tile/{tile.path}"))

    def entries(self, tile: Tile) -> list[bytes]:
        return read_entries(tile, self.read(f"tile/{tile.path}"))


@dataclass
class Export(Source):
    """A folder."""

    folder: Path

    def checkpoint_text(self) -> str:
        try:
            if not self.folder.is_dir():
                raise DoesNotHold(f"{self.folder} is no folder")
            if not any(self.folder.iterdir()):
                raise DoesNotHold(f"{self.folder} is empty: there is nothing to verify")
        except OSError as problem:
            raise _unreadable(self.folder, problem) from None
        return read_text(self.folder / "checkpoint")

    def read(self, path: str) -> bytes:
        return read_bytes(self.folder / path)


@dataclass
class Rows:
    """The rows of full nodes above the leaves, tile by tile, as they come out."""

    export: Source
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


def verify_export(
    export: Source, key: VerifierKey, *, old: str = "", entries: bool = True
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


def read_bytes(file: Path) -> bytes:
    """Return a file's content, or say that it is missing."""
    try:
        return file.read_bytes()
    except OSError as problem:
        raise _unreadable(file, problem) from None


def read_text(file: Path) -> str:
    """Return a file's text, or say what is wrong with it."""
    try:
        return read_bytes(file).decode()
    except UnicodeDecodeError:
        raise DoesNotHold(f"{file} is no text") from None


def _unreadable(file: Path, problem: OSError) -> DoesNotHold:
    return DoesNotHold(f"{file} cannot be read: {problem.strerror}")


def _leaves(export: Source, tile: Tile, *, entries: bool) -> list[bytes]:
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
