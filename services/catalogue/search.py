"""
Finds items by what people type: codes, names, everyday words, pinyin. Pure.

A small index of its own: the ready-made ones find nothing for words of two characters.
Every item has targets (its name and everyday phrases); a query is compared with all.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz import fuzz, process

from services.catalogue.matching import Indexed, Match, Query, Target, fold, match

MIN_LIKENESS = 70.0  # rapidfuzz ratio below which a text is another text
FAINT = 0.45  # of the best score: a likeness below it is noise beside a real match
NUMBER = re.compile(r"[a-z]*0*(\d{1,4})")


class ItemHit(NamedTuple):
    """An item that a query may mean."""

    code: str
    name: str
    name_en: str
    department: str
    score: float
    why: str  # code, name, phrase, prefix, part, initials, pinyin, english, similar
    matched: str  # the name or phrase that matched


class Index:
    """All targets of a catalogue."""

    def __init__(self, items: Iterable[Indexed]) -> None:
        self.items = tuple(items)
        self.targets = tuple(t for item in self.items for t in _targets(item))
        self._by_key = {key: item for item in self.items for key in _keys(item)}
        self._names = {item.code: fold(item.name) for item in self.items}

    def find(self, text: str) -> Indexed | None:
        """Return the item that a code, a number or an exact name names."""
        folded = fold(text)
        found = self._by_key.get(folded)
        if found is None and (number := NUMBER.fullmatch(folded)):
            prefix = folded.rstrip("0123456789")
            wanted = int(number[1])
            for item in self.items:
                if item.seq == wanted and prefix in ("", _prefix(item)):
                    return item
        return found

    def search(self, text: str, limit: int) -> list[ItemHit]:
        """Return the items that a text may mean, the likeliest first."""
        query = Query(text)
        if not query.folded:
            return []
        best: dict[str, ItemHit] = {}
        if named := self.find(text):
            _keep(best, named, Match(100, "code"), named.code)
        for target in self.targets:
            if found := match(query, target):
                _keep(best, target.item, found, target.text)
        if len(best) < limit:
            self._add_similar(query, best)
        hits = sorted(best.values(), key=lambda hit: (-hit.score, hit.code))
        clear = [h for h in hits if h.score >= FAINT * hits[0].score]
        return clear[:limit]

    def _add_similar(self, query: Query, best: dict[str, ItemHit]) -> None:
        for written, typed in self._spellings(query):
            alike = process.extract(
                typed, written, scorer=fuzz.ratio, score_cutoff=MIN_LIKENESS, limit=20
            )
            for _text, ratio, at in alike:
                target = self.targets[at]
                likeness = Match(ratio / 2 * (0.5 + target.trust / 2), "similar")
                _keep(best, target.item, likeness, target.text)
        if query.latin:
            self._add_similar_english(query, best)

    def _spellings(self, query: Query) -> Iterator[tuple[list[str], str]]:
        if not query.latin:
            yield [target.folded for target in self.targets], query.folded
        yield [target.pinyin for target in self.targets], query.pinyin

    def _add_similar_english(self, query: Query, best: dict[str, ItemHit]) -> None:
        names = [item.name_en.casefold() for item in self.items]
        alike = process.extract(
            " ".join(query.words),
            names,
            scorer=fuzz.token_set_ratio,
            score_cutoff=MIN_LIKENESS,
            limit=10,
        )
        for name, ratio, at in alike:
            _keep(best, self.items[at], Match(ratio / 2, "similar"), name)

    def nearest(self, text: str, limit: int = 3) -> list[tuple[str, str]]:
        """Return the codes and names nearest to a text that names no item."""
        hits = self.search(text, limit)
        if hits:
            return [(hit.code, hit.name) for hit in hits]
        names = {item.code: item.name for item in self.items}
        alike = process.extract(
            fold(text), self._names, scorer=fuzz.WRatio, limit=limit
        )
        return [(code, names[code]) for _name, _ratio, code in alike]


def _targets(item: Indexed) -> Iterator[Target]:
    yield Target(item, item.name, 1, is_name=True)
    for phrase, weight in item.phrases:
        yield Target(item, phrase, weight, is_name=False)


def _keys(item: Indexed) -> tuple[str, ...]:
    return fold(item.code), fold(item.name), str(item.seq)


def _prefix(item: Indexed) -> str:
    return fold(item.code).rstrip("0123456789")


def _keep(best: dict[str, ItemHit], item: Indexed, found: Match, text: str) -> None:
    # What is asked for often wins a tie, and nothing more.
    score = round(found.score + min(math.log10(1 + item.weight), 3), 3)
    known = best.get(item.code)
    if known is None or score > known.score:
        best[item.code] = ItemHit(
            item.code,
            item.name,
            item.name_en,
            item.department,
            score,
            found.why,
            text,
        )
