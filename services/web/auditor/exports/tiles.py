"""The whole log as tlog-tiles in a zip archive, as `export_log` writes a folder."""

from __future__ import annotations

from collections.abc import Iterator

from services.ledger.models import Checkpoint
from services.ledger.shelf import entries_of, hashes_of
from services.ledger.tiles import bundles_of, pack_entries, tiles_of
from services.web.auditor.exports.zipped import archive


def tiles_file(signed: Checkpoint) -> Iterator[bytes]:
    """Yield an archive of all that a checkpoint covers, piece by piece."""
    with archive() as (zipped, going_out):
        for tile in tiles_of(signed.size):
            zipped.writestr(f"tile/{tile.path}", b"".join(hashes_of(tile)))
            yield from going_out.take()
        for tile in bundles_of(signed.size):
            zipped.writestr(f"tile/{tile.path}", pack_entries(entries_of(tile)))
            yield from going_out.take()
        zipped.writestr("checkpoint", signed.note)
    yield from going_out.take(least=1)
