"""
A case's receipt: the proof of its latest entry in the log, under a number of its own.

The number is the case's with eight characters of a keyed MAC behind it: whoever holds
the paper can ask, and nobody can count through other people's cases.
"""

from __future__ import annotations

import base64
import hmac
import unicodedata
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings

from services.cases.models import Case
from services.common.errors import DomainError
from services.ledger import note
from services.ledger.covering import proof_of_entry
from services.ledger.models import LogEntry

MARK_CHARS = 8  # 40 bits, five to a character
# Crockford's alphabet: typed from paper, no letter looks like a digit.
TO_CROCKFORD = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)
AS_MEANT = str.maketrans("OIL", "011")
LOOK_BACK = 64  # entries that may be newer than the newest checkpoint
# What is about a case and no step of it: looks, questions about looks, papers served.
NO_STEPS = (
    *("entity.viewed", "evidence.viewed", "upload.viewed"),
    *("access.asked", "access.answered", "paper.served"),
)


class ReceiptUnknown(DomainError):
    """Nobody was given a receipt of this number."""

    code = "receipt_unknown"


class Receipt(NamedTuple):
    """The number, and the .tlog-proof; empty while no checkpoint covers an entry."""

    number: str
    proof: str


def receipt_number(case_number: str) -> str:
    """Return under which number a case's receipt is found."""
    key = settings.RECEIPT_KEY.encode()
    digest = hmac.digest(key, f"receipt\n{case_number}".encode(), sha256)
    mark = base64.b32encode(digest).decode()[:MARK_CHARS].translate(TO_CROCKFORD)
    return f"{case_number}-{mark}"


def find_receipt(number: str) -> Receipt:
    """
    Return a receipt by its number, as it may have been typed from a paper.

    :raises ReceiptUnknown: also where only the mark is wrong: both look the same.
    """
    typed = unicodedata.normalize("NFKC", number).strip().upper()
    case_number, _, mark = typed.rpartition("-")
    known = receipt_number(case_number)
    meant = f"{case_number}-{mark.translate(AS_MEANT)}"
    if not hmac.compare_digest(known.encode(), meant.encode()):
        raise ReceiptUnknown(number)
    reference = Case.objects.filter(number=case_number).values_list("reference")
    found = reference.first()
    if found is None:
        raise ReceiptUnknown(number)
    return Receipt(known, _newest_proof(found[0]))


def receipt_of(case: Case) -> Receipt:
    """Return the receipt of a filed case."""
    return Receipt(receipt_number(str(case.number)), _newest_proof(case.reference))


def _newest_proof(reference: str) -> str:
    """
    Return the proof of the newest entry that a checkpoint covers, with its bytes.

    It is made against the first such checkpoint: whoever asks again gets the same file.

    That somebody looked at the case is no step of it, nor is what that leads to.
    """
    entries = LogEntry.objects.filter(case=reference).exclude(type__in=NO_STEPS)
    newest = entries.order_by("-pk").values_list("pk", "leaf")[:LOOK_BACK]
    for pk, leaf in newest:
        if proof := proof_of_entry(pk, first=True):
            return str(note.Proof(proof.index, proof.hashes, proof.note, leaf.encode()))
    return ""
