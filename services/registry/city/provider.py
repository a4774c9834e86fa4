"""A Faker provider for numbers that are well formed and belong to nobody."""

from __future__ import annotations

from datetime import date, timedelta

from faker.providers import BaseProvider

from services.registry.uscc import ALPHABET, generate

FICTION = "FAK"  # bodies of synthetic companies begin so
FIRST_LETTER = "E"
DECIMALS = 10_000
LAST_SERIAL = 30 * 31**4
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
ID_CHECK = "10X98765432"
NO_DISTRICT = "99"  # no county has this code
OLDEST_BIRTH = date(1962, 1, 1)
BIRTHDAYS = 14_600  # forty years
MOST_BORN_ON_A_DAY = 999
PEOPLE_EACH = 4  # numbers kept for one company; the first is the representative's
STRIDE = 7_919  # prime, so that neighbours do not share a birthday
NAME_CHARACTERS = "云启嘉和泰瑞锦恒川宁安禾景远卓盈晟博弘润淳沐澜茗岚溪悦钧"
OTHER_LETTERS = ALPHABET.replace(FIRST_LETTER, "")


def body_of(serial: int) -> str:
    """
    Return the eight characters that stand for the n-th synthetic company.

    The first 9,999 read `FAKE0001`…, the others count in base 31 behind another letter.

    :raises ValueError: beyond some 27 million.
    """
    if not 0 < serial < LAST_SERIAL:
        raise ValueError(serial)
    if serial < DECIMALS:
        return f"{FICTION}{FIRST_LETTER}{serial:04d}"
    left, digits = serial - DECIMALS, ""
    for _ in range(4):
        left, rest = divmod(left, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return f"{FICTION}{OTHER_LETTERS[left]}{digits}"


def resident_id(*, city: str, index: int) -> str:
    """
    Return the ID number of the n-th person of a city, of none of its districts.

    The check digit is that of GB 11643; two persons never share a number.

    :raises ValueError: beyond some 14 million.
    """
    order, place = divmod(index, BIRTHDAYS)
    if order >= MOST_BORN_ON_A_DAY:
        raise ValueError(index)
    born_on = OLDEST_BIRTH + timedelta(days=place * STRIDE % BIRTHDAYS)
    start = f"{city[:4]}{NO_DISTRICT}{born_on:%Y%m%d}{order + 1:03d}"
    total = sum(int(d) * w for d, w in zip(start, ID_WEIGHTS, strict=True))
    return start + ID_CHECK[total % 11]


class CityProvider(BaseProvider):
    """Licence numbers, names and telephone numbers of a synthetic city."""

    def uscc(self, *, category: str, division: str, serial: int) -> str:
        """Return the licence number of the n-th company under market regulation."""
        return generate(
            authority="9", category=category, division=division, body=body_of(serial)
        )

    def trade_name(self) -> str:
        """Return the two characters that a company calls itself by."""
        return "".join(self.random_elements(NAME_CHARACTERS, length=2, unique=True))

    def unassigned_phone(self, *, serial: int) -> str:
        """Return a number that no Chinese network assigns: 100 and eight digits."""
        return f"100{serial:08d}"
