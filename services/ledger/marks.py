"""A set of entry ids that needs little more than one bit for each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from services.ledger.runs import runs_of

PAGE_BITS = 15
PAGE = 1 << PAGE_BITS  # ids
BYTE = 8


class Marks:
    """Ids, as pages of bits: they are dense, so nearly all bits are used."""

    def __init__(self) -> None:
        self._pages: dict[int, bytearray] = {}

    def add(self, number: int) -> bool:
        """Mark an id; return whether it was new."""
        page = self._pages.setdefault(number >> PAGE_BITS, bytearray(PAGE // BYTE))
        at, bit = (number & PAGE - 1) >> 3, 1 << (number & 7)
        fresh = not page[at] & bit
        page[at] |= bit
        return fresh

    def add_all(self, numbers: Sequence[int]) -> bool:
        """Mark ids; return whether all were new, and none came twice."""
        fresh = True
        for run in runs_of(numbers, most=PAGE):
            new = self.add(run.first) if run.length == 1 else self._add_run(*run)
            fresh = fresh and new
        return fresh

    def _add_run(self, first: int, count: int) -> bool:
        fresh, end = True, first + count
        while first < end:
            number, at = first >> PAGE_BITS, first & PAGE - 1
            length = min(end - first, PAGE - at)
            run = ((1 << length) - 1) << at
            bits = _bits(self._pages.get(number, b""))
            fresh = fresh and not bits & run
            page = (bits | run).to_bytes(PAGE // BYTE, "little")
            self._pages[number] = bytearray(page)
            first += length
        return fresh

    def common(self, other: Marks) -> int | None:
        """Return the lowest id that both have, if there is any."""
        for number in sorted(self._pages.keys() & other._pages.keys()):
            both = _bits(self._pages[number]) & _bits(other._pages[number])
            if both:
                return (number << PAGE_BITS) + (both & -both).bit_length() - 1
        return None

    def update(self, other: Marks) -> None:
        """Take all ids of another set in."""
        for number, page in other._pages.items():
            mine = self._pages.get(number)
            bits = _bits(page) | (_bits(mine) if mine else 0)
            self._pages[number] = bytearray(bits.to_bytes(PAGE // BYTE, "little"))

    def __contains__(self, number: int) -> bool:
        page = self._pages.get(number >> PAGE_BITS)
        return page is not None and bool(
            page[(number & PAGE - 1) >> 3] & 1 << (number & 7)
        )


def _bits(page: bytes | bytearray) -> int:
    return int.from_bytes(page, "little")
