"""The few places at each department: counted over all processes, held by lease."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import connections, router

from services.common.statements import change
from services.exchange.claim import LEASE, NO_LEASE
from services.exchange.models import Call

EACH = 4  # calls of a kind at one department at a time: what is slow fills no more
# Certificates wait behind no questions.
QUESTIONS = range(1, EACH + 1)
CERTIFICATES = range(EACH + 1, 2 * EACH + 1)

TAKE_PLACE = """
INSERT INTO exchange_call (department, place, owner, leased_until)
VALUES (%s, %s, %s, %s)
ON CONFLICT (department, place)
DO UPDATE SET owner = excluded.owner, leased_until = excluded.leased_until
        WHERE exchange_call.owner = excluded.owner
           OR exchange_call.leased_until <= %s OR exchange_call.leased_until > %s
"""

LEAVE = "DELETE FROM exchange_call WHERE owner = %s"


@dataclass
class Visit:
    """Somebody who calls a department, with a place there meanwhile."""

    department: str
    owner: str
    places: range = QUESTIONS
    place: int = 0

    @classmethod
    def to(cls, department: str, places: range = QUESTIONS) -> Visit:
        """Return a visit that is nobody else's."""
        owner = f"{socket.gethostname()[:50]}:{os.getpid()}:{uuid4().hex[:8]}"
        return cls(department, owner, places)

    def take_place(self, now: datetime) -> bool:
        """
        Take a place, or keep the own one longer; False if all are taken.

        A place is free again when its lease is over, or lies so far ahead that the
        clock must have been put back since.
        """
        until = now + LEASE
        connection = connections[router.db_for_write(Call)]
        for place in [self.place] if self.place else self.places:
            values = [self.department, place, self.owner, until, now, now + NO_LEASE]
            if change(connection, TAKE_PLACE, values):
                self.place = place
                return True
        return False

    def leave(self) -> None:
        """Give the place back."""
        if self.place:
            change(connections[router.db_for_write(Call)], LEAVE, [self.owner])
            self.place = 0
