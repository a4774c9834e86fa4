"""Details give their digest if they could have been written, and only then."""

from __future__ import annotations

import json

import pytest

from services.ledger.entry import (
    MAX_INTEGER,
    EntryNotCanonical,
    canonical,
    details_digest,
)
from services.ledger.leaf_check import digest_fits

SALT = b"s" * 16
GOOD = [
    {},
    {"n": 1, "a": -MAX_INTEGER, "名": '丽\n"', "t": True, "deep": [{"b": []}, "null"]},
    {"\U0001f600": 1, "\uff5e": 2},  # as code points and as UTF-16 in other orders
]


@pytest.mark.parametrize("body", GOOD)
def test_details_as_a_server_rewrites_them_fit(body) -> None:
    digest = details_digest(canonical(body, "details"), SALT)

    assert digest_fits((1, SALT, json.dumps(body, indent=1)), digest)
    assert not digest_fits((1, b"t" * 16, json.dumps(body, indent=1)), digest)


@pytest.mark.parametrize("value", [0.5, 1e3, None, [None], 2**53, -(2**53), 10**20])
def test_what_has_no_canonical_form_is_refused_though_its_digest_fits(value) -> None:
    digest = details_digest(json.dumps({"a": value}, separators=(",", ":")), SALT)

    with pytest.raises(EntryNotCanonical):
        digest_fits((1, SALT, json.dumps({"a": value}, indent=1)), digest)
