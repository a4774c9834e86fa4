"""Numbers of certificates in the format of an example. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

USCC = re.compile(r"[1-9ANY][1-9]\d{6}(?=\d*[A-Z])[0-9A-Z]{10}")
MASKED_ID = re.compile(r"\d{4}\*{10}\d{4}")
MASK = re.compile(r"\*+")
DIGITS = re.compile(r"\d+")
YEAR = re.compile(r"20[12]\d")
MOST_SERIAL_DIGITS = 5  # what stands before them is part of the format


class Stamp(NamedTuple):
    """What a number is made of."""

    serial: int
    year: int
    district: str
    known_divisions: Collection[str]  # codes that mean a district, in this city
    uscc: str
    id_number: str


class _Run(NamedTuple):
    """One run of digits: what is fixed in it, and what counts up."""

    start: int
    end: int
    head: str
    rest: str


def number_like(example: str, stamp: Stamp) -> str:
    """
    Return a number in the format of an example.

    District, year and serial are the record's own; a licence number or a masked ID
    number in the example becomes the holder's.
    """
    text = USCC.sub(stamp.uscc, example)
    text = MASKED_ID.sub(stamp.id_number, text)
    text = MASK.sub(lambda mask: f"{stamp.serial:0{len(mask.group())}d}", text)
    if text != example:
        return text
    runs = [_split(match, stamp) for match in DIGITS.finditer(example)]
    counting = next((run for run in reversed(runs) if run.rest), None)
    if counting is None:
        return f"{example}{stamp.serial}"
    for run in reversed(runs):
        rest = _count_up(run.rest, stamp.serial) if run is counting else run.rest
        text = f"{text[: run.start]}{run.head}{rest}{text[run.end :]}"
    return text


def _split(match: re.Match[str], stamp: Stamp) -> _Run:
    """Tell district and year from what counts: 101|330106|00012."""
    text, head = match[0], ""
    for division in stamp.known_divisions:
        if (place := text.find(division)) >= 0:
            own = division if division.endswith("00") else stamp.district
            head, text = text[:place] + own, text[place + len(division) :]
            break
    if year := YEAR.match(text):
        head, text = head + str(stamp.year), text[year.end() :]
    return _Run(match.start(), match.end(), head, text)


def _count_up(digits: str, serial: int) -> str:
    width = min(len(digits), MOST_SERIAL_DIGITS)
    return digits[: len(digits) - width] + f"{serial:0{width}d}"
