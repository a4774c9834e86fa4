"""
What is wrong with some records of the city, in stated shares.

Records that a company needs for the item it was made for are spared, unless the
company is one of the surplus ones (`trades.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from random import Random

from services.departments.city.dossier import Dossier
from services.departments.models import Record

EXPIRED = "expired"
REVOKED = "revoked"
FORMER_NAME = "former_name"  # still in the name that the company had before
OTHER_HOLDER = "other_holder"  # the register names somebody else
NO_RECORD = "no_record"
DISAGREES = "disagrees"  # with what another register says of the same thing

SHARES: Mapping[str, float] = {  # of the records that may be defective
    EXPIRED: 0.03,
    REVOKED: 0.01,
    FORMER_NAME: 0.02,
    OTHER_HOLDER: 0.01,
    NO_RECORD: 0.04,
    DISAGREES: 0.03,
}
SHARED_COUNTS = ("insured_count", "member_count")
SHARED_ADDRESSES = ("registered_address", "site_address", "location", "address")
IN_ONES_NAME = ("entity", "premises")
MOST_EXPIRED_DAYS = 400
SOMEBODY = "试样控股"


def spoil(
    records: Iterable[Record],
    dossier: Dossier,
    *,
    spared: frozenset[str],
    counts: Counter[str],
) -> Iterator[Record]:
    """
    Yield the records, some with a defect; count each defect that was made.

    :param spared: materials whose records stay good.
    """
    for record in records:
        if record.material in spared or record.entity != dossier.entity.uscc:
            yield record
            continue
        random = dossier.random(f"defect:{record.material}")
        defect = _draw(random)
        if not defect:
            yield record
            continue
        spoilt = apply_defect(defect, record, dossier, random)
        counts[defect] += spoilt
        if not (spoilt and defect == NO_RECORD):
            yield record


def apply_defect(defect: str, record: Record, dossier: Dossier, random: Random) -> bool:
    """Give a record a defect; return whether it could have it."""
    if defect == EXPIRED:
        return _expire(record, dossier, random)
    if defect == REVOKED:
        record.status = Record.Status.REVOKED
    if defect == FORMER_NAME:
        return rename(record, next(iter(dossier.entity.former_names), ""))
    if defect == OTHER_HOLDER:
        place = dossier.ground.short_name
        return rename(record, f"{place}{SOMEBODY}{dossier.serial}有限公司")
    if defect == DISAGREES:
        return _disagree(record, random)
    return True


def rename(record: Record, name: str) -> bool:
    """Put a record into another name, where it is in the company's own."""
    if not name or record.subject_kind not in IN_ONES_NAME:
        return False
    for code, text in record.attributes.items():
        if text == record.holder_name:
            record.attributes[code] = name
    record.holder_name = name
    return True


def _draw(random: Random) -> str:
    drawn = random.random()
    for defect, share in SHARES.items():
        drawn -= share
        if drawn < 0:
            return defect
    return ""


def _expire(record: Record, dossier: Dossier, random: Random) -> bool:
    if record.valid_until is None:
        return False
    days_ago = timedelta(days=random.randint(1, MOST_EXPIRED_DAYS))
    end = max(dossier.as_of - days_ago, record.issued_on)
    if end >= dossier.as_of:
        return False
    for code, text in record.attributes.items():
        if text == record.valid_until.isoformat():
            record.attributes[code] = end.isoformat()
    record.valid_until = end
    return True


def _disagree(record: Record, random: Random) -> bool:
    attributes = record.attributes
    for code in SHARED_COUNTS:
        if code in attributes:
            attributes[code] = str(int(attributes[code]) + random.randint(1, 5))
            return True
    for code in SHARED_ADDRESSES:
        if attributes.get(code):
            attributes[code] = f"{attributes[code]}（原址）"
            return True
    return False
