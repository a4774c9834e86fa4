"""Write the log as C2SP tlog-tiles, for anybody to verify."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from services.ledger import note
from services.ledger.models import Checkpoint
from services.ledger.shelf import TileMissing, entries_of, hashes_of
from services.ledger.signing import LogKeyUnusable, verifier_key
from services.ledger.tiles import Tile, bundles_of, pack_entries, tiles_of
from services.web.management.exporting import add_exporter, note_export


class Command(BaseCommand):
    """Write `DIR/checkpoint`, `DIR/tile/…` and the entries."""

    help = "Write the log as tlog-tiles with its entries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--from",
            dest="since",
            type=Path,
            metavar="CHECKPOINT",
            help="only what an export with this checkpoint does not have",
        )
        parser.add_argument(
            "--print-key", action="store_true", help="end with the verifier key"
        )
        add_exporter(parser)

    def handle(
        self,
        *_args: object,
        folder: Path,
        since: Path | None,
        print_key: bool,
        by: str | None,
        **_options: object,
    ) -> None:
        signed = Checkpoint.objects.order_by("-size").first()
        if signed is None:
            raise CommandError("nothing is signed yet; run `manage.py sequence_log`")
        begin = _size_of(since) if since else 0
        written = {"size": int(signed.size), "since": begin}
        note_export(by=by, at={"form": "tlog-tiles", **written})
        try:
            for tile in tiles_of(signed.size, since=begin):
                _write(folder, tile, b"".join(hashes_of(tile)))
            for tile in bundles_of(signed.size, since=begin):
                _write(folder, tile, pack_entries(entries_of(tile)))
        except TileMissing as hole:
            raise CommandError(f"{hole}; run `manage.py fsck_log`") from None
        _put(folder / "checkpoint", signed.note.encode())
        self.stdout.write(f"{signed.size} entries in {folder}")
        if print_key:
            self.stdout.write(str(_key()))


def _key() -> note.VerifierKey:
    try:
        return verifier_key()
    except LogKeyUnusable as problem:
        raise CommandError(str(problem)) from None


def _size_of(file: Path) -> int:
    try:
        text = note.open_note(file.read_text(encoding="utf-8"), [_key()])
        return note.parse_checkpoint(text.text).size
    except (OSError, UnicodeDecodeError, note.NoteRefused) as problem:
        raise CommandError(f"{file}: {problem}") from None


def _write(folder: Path, tile: Tile, content: bytes) -> None:
    _put(folder / "tile" / tile.path, content)


def _put(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.write_bytes(content)
    os.replace(part, file)  # noqa: PTH105  atomic, and says so
