"""Companies of the demo city that a story may count on, found by their role."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from services.registry.city.ground import read_rows

DEMO_DIR = Path(settings.CATALOGUE_DIR).parent / "demo"


class Member(NamedTuple):
    """One company that is the same in every city of this catalogue."""

    role: str
    uscc: str
    items: tuple[int, ...]  # numbers of the items it wants, the last one first
    section: str  # of GB/T 4754
    tenure: str
    status: str
    lacks: tuple[str, ...]  # materials that it must obtain by a case
    under_former_name: tuple[str, ...]

    @property
    def is_fit(self) -> bool:
        """Return whether it could have every item on its list today."""
        troubled = self.lacks or self.under_former_name
        return self.status == "active" and not troubled


def _several(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def read_cast(folder: Path) -> tuple[Member, ...]:
    """Return the members in the order of their file: the first companies made."""
    return tuple(
        Member(
            role=row["role"],
            uscc=row["uscc"],
            items=tuple(int(seq) for seq in _several(row["items"])),
            section=row["section"],
            tenure=row["tenure"],
            status=row["status"],
            lacks=_several(row["lacks"]),
            under_former_name=_several(row["under_former_name"]),
        )
        for row in read_rows(folder / "cast.csv")
    )


MEMBERS = read_cast(DEMO_DIR)
CAST: dict[str, str] = {member.role: member.uscc for member in MEMBERS}
