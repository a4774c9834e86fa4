"""Run a benchmark as a program of its own, as people do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from onelicense.environment import BASE_DIR

SERVERS = {"DATABASE_URL", "DEPARTMENTS_DATABASE_URL", "REDIS_URL"}


def run(script: str) -> list[dict[str, Any]]:
    """Return the results that a script prints, which brings its own servers."""
    done = subprocess.run(
        [sys.executable, "-c", script, "--quick", "--json"],
        cwd=BASE_DIR,
        env={name: text for name, text in os.environ.items() if name not in SERVERS},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]
