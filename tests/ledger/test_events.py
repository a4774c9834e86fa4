import re
from pathlib import Path

from services.ledger.entry import Entry, Sealed, leaf_text, read_leaf
from services.ledger.events import EVENT_TYPES

FORMAT = (Path(__file__).parents[2] / "docs" / "log-format.md").read_text("utf-8")


def section(number: int) -> str:
    return FORMAT.split(f"## {number}. ")[1].split("\n## ")[0]


def test_the_closed_list_is_the_documented_one() -> None:
    documented = set(re.findall(r"`([a-z]+\.[a-z_]+)`", section(2)))

    assert documented - {"events.py"} == EVENT_TYPES


def test_the_documented_members_are_those_of_a_leaf() -> None:
    rows = re.findall(r"^\| `([a-z.]+)` \|", section(1), flags=re.MULTILINE)
    text = leaf_text(Entry(type="case.moved"), at="", sealed=Sealed("", "", ""))
    leaf = read_leaf(text)

    assert [name for name in rows if "." not in name] == list(leaf)
    assert {f"actor.{name}" for name in leaf["actor"]} < set(rows)
