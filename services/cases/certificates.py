"""What stands on a certificate: number, validity, subjects and attributes. Pure."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

FIRST_SERIAL = 500_000  # the numbers below are those of the simulated past
SERIAL_WIDTH = 3  # a shorter run of digits is a mark of something else
NUMBER_KEYS = (
    "cert_no",
    "filing_no",
    "permit_no",
    "certificate_no",
    "contract_no",
    "condition_no",
    "registration_no",
    "project_code",
)
HOLDER_KEYS = ("holder_name", "owner", "applicant", "grantee", "lessee", "institution")
ISSUED_KEYS = ("issued_on", "filed_on", "registered_on", "valid_from")
UNTIL_KEYS = ("valid_to", "term_to")


def number_like(example: str, *, serial: int, year: int) -> str:
    """
    Return a number in the format of an example.

    The last run of digits is replaced by the serial in the same width, a year in
    brackets by this year: 杭环评批〔2024〕1号 → 杭环评批〔2026〕500012号.
    """
    text = re.sub(r"(?<=[〔（(])20\d\d(?=[〕）)])", str(year), example)
    runs = list(re.finditer(r"\d+", text))
    if not runs:
        return f"{text}{FIRST_SERIAL + serial}"
    last = _serial_run(runs)
    digits = str(FIRST_SERIAL + serial)
    kept = last.group()[: max(0, len(last.group()) - len(digits))]
    return text[: last.start()] + kept + digits + text[last.end() :]


def _serial_run(runs: list[re.Match[str]]) -> re.Match[str]:
    """Return the run that counts: the last that is not a lone trailing mark."""
    long_enough = [
        run for run in runs if len(run.group()) >= SERIAL_WIDTH and not _is_year(run)
    ]
    return long_enough[-1] if long_enough else runs[-1]


def _is_year(run: re.Match[str]) -> bool:
    return bool(re.fullmatch(r"20\d\d", run.group()))


def add_months(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or the month's last."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_valid_day(issued_on: date, months: int | None) -> date | None:
    """Return the last day of validity: five years from 2026-11-23 end on 2031-11-22."""
    if not months:
        return None
    return add_months(issued_on, months) - timedelta(days=1)


def certificate_attributes(
    wanted: Sequence[Mapping[str, object]],
    *,
    number: str,
    holder: str,
    issued_on: date,
    valid_until: date | None,
    stated: Mapping[str, str],
) -> dict[str, str]:
    """Return the attributes that are known; what nobody stated is left out."""
    known = {
        **stated,
        **dict.fromkeys(NUMBER_KEYS, number),
        **dict.fromkeys(HOLDER_KEYS, holder),
        **dict.fromkeys(ISSUED_KEYS, issued_on.isoformat()),
    }
    if valid_until:
        known |= dict.fromkeys(UNTIL_KEYS, valid_until.isoformat())
    return {
        str(attribute["code"]): known[str(attribute["code"])]
        for attribute in wanted
        if known.get(str(attribute["code"]))
    }
