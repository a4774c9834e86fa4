"""
Look for known holes in everything that constraints.txt pins: exit 1 if one is found.

Where the list of holes cannot be reached, that is said and nothing fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from onelicense.environment import BASE_DIR

PROBE = "Django"


def main() -> int:
    pins = [
        line
        for line in (BASE_DIR / "constraints.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    probe = [pin for pin in pins if pin.startswith(f"{PROBE}==")]
    if not _audited(probe):
        print("audit: the list of known holes is not reachable from here; not checked")
        return 0
    rows = _audited(pins)
    holes = [row for row in rows if row["vulns"]]
    for row in holes:
        names = ", ".join(hole["id"] for hole in row["vulns"])
        print(f"audit: {row['name']} {row['version']}: {names}")
    print(
        f"audit: {len(rows)} of {len(pins)} packages checked, {len(holes)} with holes"
    )
    return 1 if holes else 0


def _audited(pins: list[str]) -> list[dict[str, Any]]:
    """Return what is known about those of the pins that the list knows."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pins.txt"
        file.write_text("\n".join(pins), encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(file)]
        command += ["--no-deps", "--disable-pip", "--progress-spinner=off"]
        command += ["--format=json", "--timeout=10"]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        rows: list[dict[str, Any]] = json.loads(ended.stdout)["dependencies"]
    except ValueError:
        return []
    return [row for row in rows if "skip_reason" not in row]


if __name__ == "__main__":
    sys.exit(main())
