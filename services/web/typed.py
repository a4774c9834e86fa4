"""What somebody typed into an address or a form, as far as it can be read."""

from __future__ import annotations

import re

A_NUMBER = re.compile(r"[0-9]{1,18}")  # what a key of our tables can be


def whole_number(text: str) -> int | None:
    """Return the number that a text is, or None."""
    return int(text) if A_NUMBER.fullmatch(text) else None
