"""Turn a department's faults on and off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from services.common.actors import Actor
from services.common.errors import DomainError
from services.departments.faults import OF_THE_HUB, Mode
from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import HUB, Behaviour
from services.ledger.entry import Entry
from services.ledger.operations.record import record


class Bounds(NamedTuple):
    """What a parameter may be, both ends included."""

    least: int
    most: int


# Zero seconds would promise an answer for now; longest: what its column holds, or
# longer than anybody waits for one call, or a week.
PARAMETERS: Mapping[str, Bounds] = {
    "latency_ms": Bounds(0, 60_000),
    "p99_ms": Bounds(0, 600_000),
    "defer_seconds": Bounds(1, 7 * 24 * 3600),
    "seed": Bounds(0, 2**31 - 1),
}


class ParameterOutOfBounds(DomainError):
    """No such parameter, or not of such a size."""

    code = "department_parameter_out_of_bounds"


class ModeUnknown(DomainError):
    """No such behaviour is simulated, or not by the hub."""

    code = "department_mode_unknown"


def switch(
    department: str,
    mode: str,
    *,
    actor: Actor,
    now: datetime,
    **parameters: int | None,
) -> Behaviour:
    """
    Make a department's system behave in another way from now on.

    :param parameters: of `PARAMETERS`; None: as it is.
    :raises ParameterOutOfBounds: if one is none of these, or too small or large.
    :raises ModeUnknown: if no such behaviour is simulated.
    :raises DepartmentsUnreachable: if the departments' service does not answer.
    """
    if mode not in (OF_THE_HUB if department == HUB else list(Mode)):
        raise ModeUnknown(mode)
    given = {name: value for name, value in parameters.items() if value is not None}
    _check(given)
    changes = {"mode": str(mode), **given}
    # Theirs is another house: the log says it first, and is undone if they refuse.
    with transaction.atomic():
        record(
            Entry(
                type="department.switched",
                office=department,
                actor=actor,
                details=dict(changes),
            ),
            at=now,
        )
        return gateway().behave(
            department=department, changes={**changes, "switched_at": now}
        )


def _check(given: Mapping[str, int]) -> None:
    for name, value in given.items():
        bounds = PARAMETERS.get(name)
        if bounds is None or not bounds.least <= value <= bounds.most:
            raise ParameterOutOfBounds(_told(name, value, bounds))


def _told(name: str, value: int, bounds: Bounds | None) -> str:
    if bounds is None:
        return f"no parameter {name}"
    return f"{name} {value} is not {bounds.least} to {bounds.most}"
