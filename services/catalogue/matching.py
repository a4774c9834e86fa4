"""
How well a typed text matches one name or everyday phrase of an item. Pure.

A match is scored from 0 to 100: codes and exact names above phrases, phrases above
beginnings, then initials, pinyin, English words, parts, and at last mere likeness.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

MAX_QUERY = 60
MIN_LETTERS = 2  # fewer letters are no initials
MIN_OVERLAP = 0.5  # share of the pairs of one text that the other must have
MIN_SOUND = 4  # characters; shorter sounds inside a sentence are chance
MIN_PHRASE = 2  # shorter phrases inside a query say nothing
NOT_WORDS = re.compile(r"[^\w]+|_", re.UNICODE)
LATIN = re.compile(r"[a-z]+")


class Indexed(NamedTuple):
    """What the index needs to know of an item."""

    code: str
    seq: int
    name: str
    name_en: str
    department: str
    weight: float  # thousand cases a year
    phrases: Sequence[tuple[str, float]]


class Match(NamedTuple):
    score: float
    why: str


@dataclass(frozen=True)
class Target:
    """One text under which an item can be found."""

    item: Indexed
    text: str
    trust: float  # 1 for names, the phrase's weight else
    is_name: bool

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def pinyin(self) -> str:
        return pinyin(self.folded)

    @cached_property
    def initials(self) -> str:
        letters = lazy_pinyin(self.folded, style=Style.FIRST_LETTER)
        return "".join(letters)

    @cached_property
    def pairs(self) -> frozenset[str]:
        return pairs(self.folded)


class Query:
    """What was typed, in the forms that targets are kept in."""

    def __init__(self, text: str) -> None:
        self.folded = fold(text[:MAX_QUERY])
        self.latin = LATIN.fullmatch(self.folded) is not None
        self.pinyin = self.folded if self.latin else pinyin(self.folded)
        self.pairs = pairs(self.folded)
        self.words = NOT_WORDS.sub(" ", text.casefold()).split() if self.latin else []


def fold(text: str) -> str:
    """Return a text without width, case, spaces and punctuation."""
    return NOT_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold())


def pinyin(text: str) -> str:
    """Return a text's sound, without tones."""
    return "".join(lazy_pinyin(text))


def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters (bigrams)."""
    return frozenset(a + b for a, b in pairwise(text))


def match(query: Query, target: Target) -> Match | None:
    found = _as_written(query, target) or _as_spoken(query, target)
    if found is None and query.latin and target.is_name:
        found = _in_english(query, target.item)
    return found or _by_pairs(query, target)


def _as_written(query: Query, target: Target) -> Match | None:
    typed, written = query.folded, target.folded
    if typed == written:
        return Match(98, "name") if target.is_name else _phrase(90, target)
    if written.startswith(typed):
        covered = len(typed) / len(written)
        if target.is_name:
            return Match(74 + 8 * covered, "prefix")
        return _phrase(60 + 8 * covered, target)
    if typed in written:
        covered = len(typed) / len(written)
        return Match((56 + 10 * covered) * target.trust, "part")
    if len(written) >= MIN_PHRASE and written in typed:
        return _phrase(58 + 12 * len(written) / len(typed), target)
    return None


def _phrase(score: float, target: Target) -> Match:
    return Match(score * (0.4 + 0.6 * target.trust), "phrase")


def _as_spoken(query: Query, target: Target) -> Match | None:
    typed, spoken = query.pinyin, target.pinyin
    if typed == spoken:
        return Match(78 * target.trust, "pinyin")
    if len(typed) < MIN_LETTERS:
        return None
    if query.latin and (found := _inside(typed, target.initials, most=72)):
        return Match(found * target.trust, "initials")
    if found := _inside(typed, spoken, most=66):
        return Match(found * target.trust, "pinyin")
    if not query.latin and len(target.folded) >= MIN_SOUND and spoken in typed:
        return Match((50 + 12 * len(spoken) / len(typed)) * target.trust, "pinyin")
    return None


def _inside(typed: str, spoken: str, *, most: float) -> float:
    at = spoken.find(typed)
    if at < 0:
        return 0
    return (most if at == 0 else most - 22) + 8 * len(typed) / len(spoken)


def _in_english(query: Query, item: Indexed) -> Match | None:
    written = NOT_WORDS.sub(" ", item.name_en.casefold())
    if not all(word in written for word in query.words):
        return None
    covered = min(1.0, sum(map(len, query.words)) / max(len(written), 1))
    whole = written.startswith(" ".join(query.words))
    return Match((62 if whole else 50) + 20 * covered, "english")


def _by_pairs(query: Query, target: Target) -> Match | None:
    if query.latin or not (common := len(query.pairs & target.pairs)):
        return None
    overlap = max(common / len(query.pairs), 0.9 * common / len(target.pairs))
    if overlap < MIN_OVERLAP:
        return None
    return Match((20 + 25 * overlap) * target.trust, "similar")
