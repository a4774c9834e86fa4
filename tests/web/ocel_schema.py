"""Hold an exported log against the published schema of OCEL 2.0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, FormatChecker

# Published at https://www.ocel-standard.org/2.0/ocel20-schema-json.json
SCHEMA = Path(__file__).with_name("ocel20-schema-json.json")


def misfits(exported: Any) -> list[str]:
    """Return where a log does not fit, and what its events name that is not there."""
    checker = Draft7Validator(
        json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=FormatChecker()
    )
    there = {one["id"] for one in exported["objects"]}
    named = {
        tie["objectId"]
        for one in exported["objects"] + exported["events"]
        for tie in one.get("relationships", ())
    }
    wrong = [f"{e.json_path}: {e.message}" for e in checker.iter_errors(exported)]
    return wrong + [f"{missing} is no object" for missing in sorted(named - there)]
