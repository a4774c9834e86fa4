"""Turn a department's faults on and off."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from services.common.actors import Actor
from services.common.errors import DomainError
from services.departments.faults import OF_THE_HUB, Mode
from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import HUB, Behaviour
from services.ledger.entry import Entry
from services.ledger.operations.record import record


class ModeUnknown(DomainError):
    """No such behaviour is simulated, or not by the hub."""

    code = "department_mode_unknown"


def switch(
    department: str,
    mode: str,
    *,
    actor: Actor,
    now: datetime,
    latency_ms: int | None = None,
    seed: int | None = None,
) -> Behaviour:
    """
    Make a department's system behave in another way from now on; None: as it is.

    :raises ModeUnknown: if no such behaviour is simulated.
    :raises DepartmentsUnreachable: if the departments' service does not answer.
    """
    if mode not in (OF_THE_HUB if department == HUB else list(Mode)):
        raise ModeUnknown(mode)
    asked = {"mode": str(mode), "latency_ms": latency_ms, "seed": seed}
    changes = {name: value for name, value in asked.items() if value is not None}
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
