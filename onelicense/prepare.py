"""Bring a fresh clone to where the demo can start: `python -m onelicense.prepare`."""

from __future__ import annotations

import os

import django
from django.core.management import call_command


def main() -> None:
    """Migrate both databases, collect static files, make the demo city if need be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onelicense.settings")
    # The work in progress that the demo shows is staged without waiting for answers.
    os.environ["ONELICENSE_TIME_SCALE"] = "0"
    django.setup()
    for database in ("default", "departments"):
        call_command("migrate", database=database, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("prepare_demo")


if __name__ == "__main__":
    main()
