"""
Licence numbers: the unified social credit code of GB 32100-2015. Pure.

Eighteen characters: registration authority (1), category (1), administrative division
(6), the organisation's body of GB 11714 (8 and a check digit), and a check digit over
all. Both check digits are verified, and a problem names the one that fails.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from services.common.subjects import fold as fold_width

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
ANYWHERE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
LOOKS_LIKE = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
CATEGORIES: Mapping[str, str] = {  # registration authority -> categories it registers
    "1": "1239",  # 机构编制
    "2": "19",  # 外交
    "3": "123459",  # 司法行政
    "4": "19",  # 文化
    "5": "1239",  # 民政
    "6": "129",  # 旅游
    "7": "129",  # 宗教
    "8": "19",  # 工会
    "9": "123",  # 市场监管: 企业, 个体工商户, 农民专业合作社
    "A": "19",  # 中央军委改革和编制办公室
    "N": "1239",  # 农业
    "Y": "1",  # 其他
}


class Uscc(NamedTuple):
    """A licence number whose two check digits are right."""

    text: str
    authority: str  # 9 = market regulation
    category: str  # under authority 9: 1 company, 2 sole trader, 3 cooperative
    division: str  # where it was registered; may have been abolished since
    body: str  # nine characters, its own check digit included


class UsccProblem(ValueError):
    """What is wrong with a licence number: a stable code, and what a sentence needs."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def fold(text: str) -> str:
    """Return the text half-width, upper case, without spaces and invisible marks."""
    visible = (c for c in text if unicodedata.category(c) != "Cf")
    return fold_width("".join(visible))


def parse(text: str) -> Uscc:
    """
    Return the licence number that was meant.

    :raises UsccProblem: with one of the codes wrong_length (length),
        forbidden_letter (letter, position, hint), unknown_authority (authority),
        unknown_category (authority, category), wrong_division (division),
        wrong_body_digit (found, expected), wrong_check_digit (found, expected).
    """
    code = fold(text)
    if len(code) != LENGTH:
        raise UsccProblem("wrong_length", length=len(code))
    _check_letters(code)
    _check_register(code)
    body = code[8:17]
    _check_digit("wrong_body_digit", found=body[8], expected=body_digit(body[:8]))
    _check_digit("wrong_check_digit", found=code[17], expected=check_digit(code[:17]))
    return Uscc(code, code[0], code[1], code[2:8], body)


def _check_letters(code: str) -> None:
    for position, letter in enumerate(code, start=1):
        if letter not in VALUES:
            raise UsccProblem(
                "forbidden_letter",
                letter=letter,
                position=position,
                hint=LOOKS_LIKE.get(letter, ""),
            )


def _check_register(code: str) -> None:
    authority, category, division = code[0], code[1], code[2:8]
    if authority not in CATEGORIES:
        raise UsccProblem("unknown_authority", authority=authority)
    if category not in CATEGORIES[authority]:
        raise UsccProblem("unknown_category", authority=authority, category=category)
    if not division.isdecimal():
        raise UsccProblem("wrong_division", division=division)


def _check_digit(problem: str, *, found: str, expected: str) -> None:
    if found != expected:
        raise UsccProblem(problem, found=found, expected=expected)


def body_digit(body: str) -> str:
    """Return the check digit of an eight-character body (GB 11714)."""
    total = sum(w * int(c, 36) for w, c in zip(BODY_WEIGHTS, body, strict=True))
    return "0123456789X0"[11 - total % 11]


def check_digit(text: str) -> str:
    """Return the check digit of the first seventeen characters (GB 32100-2015)."""
    total = sum(w * VALUES[c] for w, c in zip(WEIGHTS, text, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def masked(text: str) -> str:
    """Return a text without the licence numbers that it quotes."""
    return ANYWHERE.sub("…", text)


def generate(*, authority: str, category: str, division: str, body: str) -> str:
    """
    Return a licence number with both check digits.

    :param division: six digits.
    :param body: eight characters; synthetic companies begin with `FAK`.
    :raises UsccProblem: if the parts do not make a licence number.
    """
    start = f"{authority}{category}{division}{body}"
    if len(start) != LENGTH - 2:
        raise UsccProblem("wrong_length", length=len(start) + 2)
    _check_letters(start)
    complete = f"{start}{body_digit(body)}"
    return parse(f"{complete}{check_digit(complete)}").text
