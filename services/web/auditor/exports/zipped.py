"""A zip archive that leaves while it is written."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

A_PIECE = 65_536  # bytes


class Outgoing:
    """Where a zip archive is written to, and taken from at once."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._size = 0

    def write(self, content: bytes) -> int:
        """Take what the archive writes."""
        self._waiting.append(bytes(content))
        self._size += len(content)
        return len(content)

    def flush(self) -> None:
        """Do nothing: whoever sends takes the bytes."""

    def close(self) -> None:
        """Do nothing: there is nothing to let go."""

    def take(self, *, least: int = A_PIECE) -> Iterator[bytes]:
        """Yield what waits, if it is worth a piece."""
        if self._size >= least:
            piece, self._waiting, self._size = b"".join(self._waiting), [], 0
            yield piece


@contextmanager
def archive() -> Iterator[tuple[zipfile.ZipFile, Outgoing]]:
    """Have an archive and what goes out of it; take the rest after it is closed."""
    going_out = Outgoing()
    with zipfile.ZipFile(going_out, "w", zipfile.ZIP_DEFLATED) as zipped:
        yield zipped, going_out
