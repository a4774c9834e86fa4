"""Who did it: a person in a role, or the system."""

from __future__ import annotations

from typing import NamedTuple


class Actor(NamedTuple):
    """A person or the system, as the log and the cases name them."""

    kind: str  # "human" or "system"
    id: str  # user name, or the name of the process
    role: str = ""
    name: str = ""
    office: str = ""  # office code, for staff
    entity: str = ""  # licence number, for applicants


SYSTEM = Actor(kind="system", id="system", role="system", name="系统")
