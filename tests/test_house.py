"""Habits of the house that no linter holds."""

import ast
import hashlib
import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "services/web/static/vendor"
LONGEST = 300
LONGEST_TEST = 400


def tracked(*patterns: str) -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--"]
    listed = subprocess.run(
        [*command, *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [
        file for name in listed.stdout.splitlines() if (file := ROOT / name).is_file()
    ]


def lines(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def test_no_source_file_is_too_long_to_read():
    files = [file for file in tracked("*.py") if "migrations" not in file.parts]

    too_long = {
        str(file.relative_to(ROOT)): lines(file)
        for file in files
        if lines(file) > (LONGEST_TEST if "tests" in file.parts else LONGEST)
    }

    assert files
    assert not too_long


def table_of_contributing() -> list[str]:
    """Return what stands between backticks in the first table."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = re.search(r"(?:^\|.*\n)+", text, re.M)
    assert table, "CONTRIBUTING.md opens with a table: to change X, touch Y"
    return re.findall(r"`([^`]+)`", table.group())


def test_the_table_of_contributing_names_only_what_is_there():
    written = table_of_contributing()
    names = [name for name in written if re.fullmatch(r"\S*[/.]\S*", name)]

    gone = [name for name in names if not list(ROOT.glob(name.rstrip("/")))]

    assert names
    assert not gone


def test_vendored_assets_are_those_of_the_lock():
    locked = tomllib.loads((ROOT / "vendor.lock").read_text(encoding="utf-8"))
    wanted = {
        file: digest
        for asset in locked.values()
        for file, digest in asset["sha256"].items()
    }

    found = {
        str(file.relative_to(VENDOR)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in VENDOR.rglob("*")
        if file.is_file() and file.name != "LICENSES.txt"
    }

    assert found == wanted


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_each_requirement_is_pinned_and_has_its_reason(name):
    pinned = re.compile(r"[\w.\[\],-]+==[\w.]+ +# \S.*")
    written = (ROOT / name).read_text(encoding="utf-8").splitlines()
    wanted = [line for line in written if line and not line.startswith(("#", "-r "))]

    assert wanted
    assert [line for line in wanted if not pinned.fullmatch(line)] == []


def test_constraints_pin_what_the_requirements_ask_for():
    pins = {pin.lower() for pin in (ROOT / "constraints.txt").read_text().split()}
    asked = re.compile(r"^([\w.-]+)(?:\[.*\])?(==[\w.]+)", re.M)

    loose = [
        name + version
        for file in ("requirements.txt", "requirements-dev.txt")
        for name, version in asked.findall((ROOT / file).read_text(encoding="utf-8"))
        if (name + version).lower().replace("_", "-")
        not in {pin.replace("_", "-") for pin in pins}
    ]

    assert loose == []


def imported(*folders: str) -> set[str]:
    """Return the distributions whose modules the files of these folders import."""
    whose = packages_distributions()
    names = set()
    for file in tracked(*(f"{folder}/*.py" for folder in folders)):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(str(node.module).partition(".")[0])
    found = {folded(each) for name in names for each in whose.get(name, [])[:1]}
    return found - {"kombu"}  # half of Celery


def folded(name: str) -> str:
    return name.lower().replace("_", "-")


def required(*files: str) -> set[str]:
    text = "\n".join((ROOT / file).read_text(encoding="utf-8") for file in files)
    return {folded(name) for name in re.findall(r"^([\w.-]+)(?:\[.*\])?==", text, re.M)}


def test_what_the_system_imports_is_required_and_not_only_for_tests():
    only_tests = imported("services", "onelicense") - required("requirements.txt")

    assert only_tests == {"polib"}  # check_translations runs where the checks run


def test_what_the_tests_import_is_required():
    files = ("requirements.txt", "requirements-dev.txt")

    assert imported("tests", "benchmarks") - required(*files) == set()
