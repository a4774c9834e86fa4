"""The table: every row, in the order in which people read it."""

from __future__ import annotations

from tests.scenarios.table import (
    foreign,
    found,
    hub,
    later,
    not_found,
    officers,
    silent,
    stale,
)

SECTIONS = (found, not_found, stale, silent, later, hub, foreign, officers)
TABLE = tuple(scenario for section in SECTIONS for scenario in section.ROWS)
