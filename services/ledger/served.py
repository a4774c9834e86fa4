"""A log that is served as C2SP tlog-tiles, read over HTTP. Pure."""

from __future__ import annotations

import gzip
import zlib
from functools import cached_property
from http.client import HTTPException
from io import BytesIO
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from services.ledger.exported import DoesNotHold, Source

SCHEMES = ("http://", "https://")
PATIENCE_S = 30
LARGEST = 256 * (2**16 + 2)  # bytes of a bundle: 256 of the longest entries
HEADERS = {"Accept-Encoding": "gzip, identity", "User-Agent": "services.ledger.verify"}


class Served(Source):
    """The log below an address."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")

    def checkpoint_text(self) -> str:
        """Return the checkpoint: always the same, however the log grows."""
        return self._checkpoint

    def read(self, path: str) -> bytes:
        """
        Return what stands at a path below the address.

        :raises DoesNotHold: if nothing does; it says why.
        """
        address = f"{self.address}/{path}"
        request = Request(address, headers=HEADERS)  # noqa: S310  see SCHEMES
        try:
            with urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310
                content: bytes = answer.read(LARGEST + 1)
                packed = answer.headers.get("Content-Encoding") == "gzip"
            return _unpacked(content) if packed else content
        except HTTPError as refusal:
            raise DoesNotHold(f"{address} answers {refusal.code}") from None
        except (OSError, HTTPException, EOFError, ValueError, zlib.error) as problem:
            raise DoesNotHold(f"{address} cannot be read: {problem}") from None

    @cached_property
    def _checkpoint(self) -> str:
        try:
            return self.read("checkpoint").decode()
        except UnicodeDecodeError:
            raise DoesNotHold(f"{self.address}/checkpoint is no text") from None


def _unpacked(content: bytes) -> bytes:
    with gzip.GzipFile(fileobj=BytesIO(content)) as packed:
        return packed.read(LARGEST + 1)
