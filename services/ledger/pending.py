"""Entries that wait for their place in the tree."""

from __future__ import annotations

from itertools import pairwise

from django.db import models

from services.ledger.models import PendingEntries
from services.ledger.shelf import ID_BYTES, split_ids
from services.ledger.tree import split_hashes


class LastId(models.Func):
    """The last of packed entry ids: as bytes, big endian, they sort like numbers."""

    template = "SUBSTR(%(expressions)s, LENGTH(%(expressions)s) - 7)"
    output_field = models.BinaryField()


def pending_between(first: int, last: int) -> set[int]:
    """Return which ids wait for a place, of those from `first` (> 0) to `last`."""
    wanted = first.to_bytes(ID_BYTES, "big")
    rows = PendingEntries.objects.annotate(last_id=LastId("entry_ids")).filter(
        first_id__lte=last, last_id__gte=wanted
    )
    return {
        pk
        for packed in rows.values_list("entry_ids", flat=True)
        for pk in split_ids(bytes(packed))
        if first <= pk <= last
    }


def leaves_of(row: PendingEntries) -> list[tuple[int, bytes]]:
    """
    Return ids and leaf hashes of entries that wait together.

    :raises ValueError: if they do not fit each other, or do not rise from the first.
    """
    ids, hashes = split_ids(bytes(row.entry_ids)), split_hashes(bytes(row.hashes))
    if ids[:1] != [row.first_id] or any(a >= b for a, b in pairwise(ids)):
        raise ValueError(f"they do not rise from entry {row.first_id}")
    return list(zip(ids, hashes, strict=True))
