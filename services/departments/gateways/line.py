"""One call over HTTP: within its time and its size, or failed with a closed code."""

from __future__ import annotations

import time
from collections.abc import Mapping
from http import HTTPStatus
from threading import Lock
from typing import NamedTuple

import httpx

from services.departments.gateways.contract import (
    CONNECT_SECONDS,
    READ_SECONDS,
    TOTAL_SECONDS,
)
from services.departments.gateways.envelope import SIGNATURE

LARGEST_ANSWER = 2_000_000  # bytes
PATIENCE = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
AS_IT_IS = {"Accept-Encoding": "identity"}  # what is packed may be a bomb
AT_A_TIME = httpx.Limits(max_connections=50, max_keepalive_connections=8)

REFUSALS: Mapping[int, str] = {
    HTTPStatus.UNAUTHORIZED: "NOT_AUTHENTICATED",
    HTTPStatus.FORBIDDEN: "NOT_AUTHORISED",
    HTTPStatus.BAD_REQUEST: "INVALID_REQUEST",
    HTTPStatus.NOT_FOUND: "INVALID_REQUEST",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "INVALID_REQUEST",
    HTTPStatus.UNPROCESSABLE_ENTITY: "INVALID_REQUEST",
}


class CallFailed(Exception):
    """A call brought nothing usable; `code` is closed, as is a GARBLED one's reason."""

    def __init__(self, code: str, reason: str = "") -> None:
        super().__init__(f"{code} ({reason})" if reason else code)
        self.code = code
        self.reason = reason


class Received(NamedTuple):
    """All of an answer's bytes, and the signature that came with them."""

    body: bytes
    signature: str


class Clients:
    """One client, with connections of its own, for each department."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url
        self._made: dict[str, httpx.Client] = {}
        self._lock = Lock()

    def of(self, department: str) -> httpx.Client:
        """Return the client that nobody but this department can keep busy."""
        with self._lock:
            if department not in self._made:
                self._made[department] = httpx.Client(
                    base_url=self._base_url,
                    headers=AS_IT_IS,
                    limits=AT_A_TIME,
                    timeout=PATIENCE,
                    trust_env=False,
                )
            return self._made[department]


def call(
    client: httpx.Client, request: httpx.Request, *, largest: int = LARGEST_ANSWER
) -> Received:
    """
    Return what came with status 200.

    :raises CallFailed: with the code that follows from whatever came instead.
    """
    started, begun = time.monotonic(), False
    try:
        response = client.send(request, stream=True)
        try:
            begun = True
            _check_status(response.status_code)
            body = _read(response, largest, until=started + TOTAL_SECONDS)
        finally:
            response.close()
    except httpx.TimeoutException as slow:
        raise CallFailed("TIMEOUT") from slow
    except httpx.RemoteProtocolError as broken:
        if not begun and "disconnected" in str(broken):
            raise CallFailed("CONNECTION") from broken
        raise CallFailed("GARBLED", "cut_short" if begun else "no_http") from broken
    except httpx.HTTPError as broken:
        raise CallFailed("CONNECTION") from broken
    return Received(body, response.headers.get(SIGNATURE, ""))


def _check_status(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    if status in REFUSALS:
        raise CallFailed(REFUSALS[status])
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise CallFailed("SERVER_ERROR")
    raise CallFailed("GARBLED", "unexpected_status")


def _read(response: httpx.Response, largest: int, *, until: float) -> bytes:
    """Read no more than may be, and no longer."""
    body = bytearray()
    for some in response.iter_raw():
        body += some
        if len(body) > largest:
            raise CallFailed("GARBLED", "too_large")
        if time.monotonic() > until:
            raise CallFailed("TIMEOUT")
    return bytes(body)
