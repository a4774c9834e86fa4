"""
Fill fresh databases for the fault suite: `python -m tests.faults.seed FILE COMPANIES`.

Migrates, loads the catalogue, seats the staff, makes companies with what departments
hold for them, and writes into FILE what they may file.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

STAFF_SEED = 7
LATENCY_MS = 40  # of every department, while nothing is wrong
REPRESENTATIVE_ID = "330199199001010011"

# What else is filed besides the instant item of four verifications: on a promise,
# with an inspection, for a reviewer, accepted by the department, and one that parks.
OTHERS: tuple[dict[str, Any], ...] = (
    {"item": "HZ-004", "answers": {"commitment": ["yes"]}},
    {"item": "HZ-004"},
    {"item": "HZ-095"},
    {"item": "HZ-033"},
    {"item": "HZ-230", "without": ["M047"]},
)
EACH = 2  # of the others, per company


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onelicense.settings")
    django.setup()
    _lay_the_ground()
    filings = _companies(int(sys.argv[2]))
    Path(sys.argv[1]).write_text(json.dumps(filings), encoding="utf-8")


def _lay_the_ground() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from services.accounts.operations.seed_staff import seed_staff
    from services.catalogue.models import Department
    from services.catalogue.operations.load import load_catalogue
    from services.departments.gateways.contract import HUB
    from services.departments.models import Profile

    for alias in ("default", "departments"):
        call_command("migrate", database=alias, verbosity=0)
    now = timezone.now()
    load_catalogue(directory=Path(settings.CATALOGUE_DIR), now=now)
    seed_staff(seed=STAFF_SEED, now=now)
    codes = [HUB, *Department.objects.values_list("code", flat=True)]
    Profile.objects.bulk_create(
        Profile(department=code, latency_ms=LATENCY_MS) for code in codes
    )


def _companies(count: int) -> list[dict[str, Any]]:
    """Return every filing; one after the other they are of far-off companies."""
    from benchmarks.companies import item_of_four_verifications

    four = {"item": item_of_four_verifications().item_id}
    companies = list(_filings_by_company(four, count))
    step = len(companies) // (EACH + 1)
    return [
        companies[(number + kind * step) % len(companies)][kind]
        for number in range(len(companies))
        for kind in range(EACH + 1)
    ]


def _filings_by_company(
    four: dict[str, Any], count: int
) -> Iterator[list[dict[str, Any]]]:
    from django.db import transaction

    from tests.factories.cases import hold_for
    from tests.factories.registry import EntityFactory

    with transaction.atomic(), transaction.atomic(using="departments"):
        for number in range(count):
            company = EntityFactory(
                representative_id=REPRESENTATIVE_ID, registered_capital=5000
            )
            chosen = [OTHERS[(number + step) % len(OTHERS)] for step in range(EACH)]
            for kind in (four, *chosen):
                hold_for(company, kind["item"], without=kind.get("without", ()))
            yield [_filing(company.uscc, kind) for kind in (four, *chosen)]


def _filing(uscc: str, kind: dict[str, Any]) -> dict[str, Any]:
    body = {"item": kind["item"], "answers": kind.get("answers", {}), "fill": "demo"}
    return {"uscc": uscc, "body": body}


if __name__ == "__main__":
    main()
