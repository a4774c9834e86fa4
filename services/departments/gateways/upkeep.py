"""What operations ask of the departments' service: behaviours, journals, about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

import httpx

from services.departments.gateways.contract import (
    TOTAL_SECONDS,
    Behaviour,
    DepartmentsUnreachable,
    Seen,
)
from services.departments.gateways.envelope import read, write
from services.departments.gateways.line import CallFailed, call
from services.departments.gateways.wire import Json, Shape, checked
from services.departments.gateways.wire_upkeep import (
    behaviour_from_json,
    changes_to_json,
    seen_from_json,
)

T = TypeVar("T")
PATIENCE_SECONDS = 1  # somebody sits before a page
LARGEST_JOURNAL = 100_000_000  # bytes
JOURNAL: Shape = {"seen": list}
BEHAVIOURS: Shape = {"behaviours": list}
ABOUT: Shape = {
    "answers_within_seconds": (int, float),
    "at_once": int,
    "keys": dict,
    "behind_the_hub": list,
}


class Upkeep:
    """Talks to the service at `base_url`, apart from all questions."""

    def __init__(self, base_url: str) -> None:
        self._client = httpx.Client(
            base_url=base_url, timeout=PATIENCE_SECONDS, trust_env=False
        )

    def about(self) -> Json:
        """
        Return what the service says of itself.

        :raises DepartmentsUnreachable: if it does not answer as it should.
        """
        request = self._client.build_request("GET", "/about")
        return self._said(request, lambda said: checked(said, ABOUT))

    def behaviours(self) -> list[Behaviour]:
        """
        Return how everybody behaves who was ever switched, by code.

        :raises DepartmentsUnreachable: if the service does not answer as it should.
        """
        request = self._client.build_request("GET", "/behaviours")
        return self._said(request, _behaviours)

    def behave(self, department: str, changes: Mapping[str, Any]) -> Behaviour:
        """
        Change a department's behaviour and return the whole of it.

        :raises DepartmentsUnreachable: if the service does not answer as it should.
        """
        url = f"/departments/{department}/behaviour"
        body = write(changes_to_json(changes))
        request = self._client.build_request("PUT", url, content=body)
        return self._said(request, behaviour_from_json)

    def journal(self, department: str, since: datetime) -> list[Seen]:
        """
        Return what a department has seen since then.

        :raises DepartmentsUnreachable: if the service does not answer as it should.
        """
        request = self._client.build_request(
            "GET",
            f"/departments/{department}/journal",
            params={"since": since.isoformat()},
            timeout=TOTAL_SECONDS,
        )
        return self._said(request, _journal)

    def _said(self, request: httpx.Request, parse: Callable[[object], T]) -> T:
        try:
            received = call(self._client, request, largest=LARGEST_JOURNAL)
            return parse(read(received.body))
        except (CallFailed, ValueError) as failed:
            raise DepartmentsUnreachable(f"{request.url}: {failed}") from failed


def _behaviours(said: object) -> list[Behaviour]:
    each = checked(said, BEHAVIOURS)["behaviours"]
    return [behaviour_from_json(one) for one in each]


def _journal(said: object) -> list[Seen]:
    return [seen_from_json(one) for one in checked(said, JOURNAL)["seen"]]
