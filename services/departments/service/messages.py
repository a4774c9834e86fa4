"""What comes in over HTTP and what goes out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs

from services.departments.faults import Mode
from services.departments.gateways.envelope import write

JSON, HTML = "application/json", "text/html; charset=utf-8"
HUGE_BYTES = 10_000_000
PAGE = "<!doctype html><title>部门业务系统</title><h1>系统维护中</h1>".encode()


class Request(NamedTuple):
    """One request with all of its body."""

    method: str
    url: SplitResult
    body: bytes

    def parameter(self, name: str) -> str:
        """Return one parameter of the query, empty if it is not there."""
        return parse_qs(self.url.query).get(name, [""])[0]


@dataclass(frozen=True, slots=True)
class Response:
    """What is meant to be sent, and how the sending goes wrong."""

    status: int
    body: bytes
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)
    mode: Mode = Mode.UP
    seconds: float = 0  # until the first byte

    @classmethod
    def of(cls, document: object) -> Response:
        """Return a document."""
        return cls(HTTPStatus.OK, write(document))

    @classmethod
    def refusal(cls, status: HTTPStatus, why: str = "") -> Response:
        """Return why there is nothing else."""
        return cls(status, write({"error": why or status.phrase}))

    def spoilt(self) -> Response:
        """Return what is sent instead, as far as that can be told from the bytes."""
        if self.mode == Mode.UNAVAILABLE:
            return self.refusal(HTTPStatus.SERVICE_UNAVAILABLE)
        if self.mode == Mode.NOT_AUTHORISED:
            return self.refusal(HTTPStatus.FORBIDDEN)
        if self.mode == Mode.BAD_JSON:
            return replace(self, body=self.body[:-1] + b",")
        if self.mode == Mode.HTML:
            return replace(self, body=PAGE, content_type=HTML)
        if self.mode == Mode.HUGE:
            return replace(self, body=self.body + b" " * HUGE_BYTES)
        return self
