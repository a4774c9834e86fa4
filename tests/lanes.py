"""
Run every test: `python -m tests.lanes`.

Three steps, one after the other: everything on SQLite, each fault once with nothing
beside it, then everything but the browser on PostgreSQL. The last line is pytest's own
summary; the exit code tells of all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.browsing import CHROMIUM
from tests.postgres import postgres

APT = "apt-get install -y --no-install-recommends chromium fonts-noto-cjk"
FAULTS = [sys.executable, "-m", "tests.faults", "--short", "--fresh"]
PYTEST = [sys.executable, "-m", "pytest", "--numprocesses=2", "--dist=worksteal"]
QUESTIONS = {"DEBIAN_FRONTEND": "noninteractive"}
DATABASES = {"DATABASE_URL", "DEPARTMENTS_DATABASE_URL"}


def main() -> int:
    get_browser()
    outside = {name: os.environ[name] for name in os.environ.keys() - DATABASES}
    say("SQLite: every test")
    sqlite = subprocess.call(PYTEST, env=outside)
    say("the whole system under load: each fault once")
    faults = subprocess.call(FAULTS, env=outside)
    say("PostgreSQL: every test that needs no browser")
    with postgres() as environment:
        command = [*PYTEST, "-m", "not browser"]
        postgresql = subprocess.call(command, env=outside | environment)
    return sqlite or faults or postgresql


def get_browser() -> None:
    """Install Debian's browser where that is possible; else say what is left out."""
    if CHROMIUM.exists():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say(f"browser tests are left out: no {CHROMIUM}; as root: {APT}")
        return
    say("installing chromium for the browser tests")
    quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, **QUESTIONS}}
    subprocess.call(["apt-get", "update", "-qq"], **quiet)
    if subprocess.call([*APT.split(), "-qq"], **quiet) != 0:
        say("browser tests are left out: chromium could not be installed")


def say(text: str) -> None:
    print(f"\ntest: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
