"""What the companies of a synthetic city are made of: districts, roads, trades."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ANYWHERE = ""  # roads of a district that the file does not know
ANY_INDUSTRY = "S"  # cross-industry


class Place(NamedTuple):
    """A district that exists today, with codes that old licences still carry."""

    code: str
    name: str
    old_codes: tuple[str, ...]


class Line(NamedTuple):
    """A line of business: words for names, and a business scope."""

    section: str
    company_word: str
    shop_word: str
    scope: str


@dataclass(frozen=True, slots=True)
class Ground:
    """One city, as far as its companies show it."""

    code: str  # 330100
    name: str  # 杭州市
    places: tuple[Place, ...]
    roads: Mapping[str, Sequence[str]]  # by district code
    lines: tuple[Line, ...]

    @property
    def short_name(self) -> str:
        return self.name.removesuffix("市")

    def place(self, code: str) -> Place:
        """Return the district that carries a code today or carried it once."""
        return next(p for p in self.places if code == p.code or code in p.old_codes)

    def roads_of(self, code: str) -> Sequence[str]:
        return self.roads.get(code) or self.roads.get(ANYWHERE) or ("人民路",)

    def lines_of(self, section: str) -> tuple[Line, ...]:
        """Return the lines of a GB/T 4754 section, or all where there is none."""
        own = tuple(line for line in self.lines if line.section == section)
        return own if own and section != ANY_INDUSTRY else self.lines


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a demo file; a city without the file has none."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def read_ground(
    folder: Path, *, code: str, name: str, places: Sequence[Place]
) -> Ground:
    """Return a city with the roads and trades of `fixtures/demo`."""
    roads: dict[str, list[str]] = {}
    for row in read_rows(folder / "streets.csv"):
        roads.setdefault(row["district_code"], []).append(row["road"])
    lines = [Line(**row) for row in read_rows(folder / "industries.csv")]
    fallback = Line(ANY_INDUSTRY, "实业", "综合服务部", "企业管理；社会经济咨询服务")
    return Ground(code, name, tuple(places), roads, tuple(lines) or (fallback,))
