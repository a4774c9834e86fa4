import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.actors import SYSTEM, Actor
from services.ledger.entry import (
    MAX_INTEGER,
    Entry,
    EntryNotCanonical,
    Sealed,
    UnknownEventType,
    canonical,
    check_entries,
    check_entry,
    details_digest,
    instant,
    leaf_text,
    pseudonym,
)

NAIVE = datetime(2026, 11, 23, tzinfo=UTC).replace(tzinfo=None)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER),
    lambda inner: st.dictionaries(TEXTS, inner) | st.lists(inner),
)


class Colour(StrEnum):
    RED = "red"


class TestCanonical:
    def test_sorts_names_as_the_example_of_rfc_8785_does(self) -> None:
        names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]

        text = canonical({name: name for name in names}, "details")

        order = ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
        assert list(json.loads(text)) == order

    def test_escapes_only_what_rfc_8785_escapes(self) -> None:
        text = canonical('€$\x0f\nA\'B"\\\\"/\x7f', "details")

        assert text == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f"'

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (True, "true"),
            (False, "false"),
            (-7, "-7"),
            ({"b": [1, "x"], "a": {}}, '{"a":{},"b":[1,"x"]}'),
            (Colour.RED, '"red"'),
            (date(2026, 11, 23), '"2026-11-23"'),
            (datetime(2026, 11, 23, tzinfo=UTC), '"2026-11-23T00:00:00.000000Z"'),
        ],
    )
    def test_writes_what_the_format_knows(self, value, text) -> None:
        assert canonical(value, "details") == text

    @pytest.mark.parametrize(
        ("details", "named"),
        [
            ({"a": {"b": 1.5}}, "details.a.b"),
            ({"a": [1, None]}, "details.a[1]"),
            ({"when": NAIVE}, "details.when"),
            ({"raw": b"x"}, "details.raw"),
            ({"set": {1}}, "details.set"),
            ({"big": 2**53}, "details.big"),
            ({"half": "\ud800"}, "details.half"),
            ({"nul": "a\0b"}, "details.nul"),
            ({1: "x"}, "details"),
        ],
    )
    def test_names_the_member_that_has_no_canonical_form(self, details, named) -> None:
        with pytest.raises(EntryNotCanonical) as refused:
            canonical(details, "details")

        assert refused.value.where == named

    @given(VALUES)
    def test_reads_back_as_the_same_value(self, value) -> None:
        assert json.loads(canonical(value, "details")) == value

    @given(VALUES)
    def test_is_the_same_after_storage_as_json(self, value) -> None:
        text = canonical(value, "details")

        assert canonical(json.loads(text), "details") == text


class TestCheckEntry:
    def test_takes_a_full_entry(self) -> None:
        actor = Actor("human", "reviewer-1", "reviewer")

        check_entry(Entry(type="case.decided", actor=actor, purpose="办理食品经营许可"))

    def test_refuses_a_type_outside_the_closed_list(self) -> None:
        with pytest.raises(UnknownEventType, match=r"case\.eaten"):
            check_entry(Entry(type="case.eaten"))
        with pytest.raises(UnknownEventType, match=r"case\.eaten"):
            check_entries([Entry(type="case.moved"), Entry(type="case.eaten")])

    @pytest.mark.parametrize(
        ("members", "named"),
        [
            ({"office": 5}, "office"),
            ({"case": None}, "case"),
            ({"purpose": 1.5}, "purpose"),
            ({"basis": "\udfff"}, "basis"),
            ({"basis": "a\0"}, "basis"),
            ({"code": "X" * 41}, "code"),
            ({"subject": "s" * 241}, "subject"),
            ({"actor": Actor("robot", "r2", "worker")}, "actor"),
            ({"actor": Actor("human", "", "worker")}, "actor"),
            ({"actor": Actor("human", "a", "\ud800")}, "actor.role"),
        ],
    )
    def test_names_the_member_that_is_wrong(self, members, named) -> None:
        wrong = Entry(type="case.moved", **members)
        with pytest.raises(EntryNotCanonical) as refused:
            check_entry(wrong)
        assert refused.value.where == named

        right = Entry(type="case.moved")
        with pytest.raises(EntryNotCanonical) as refused:
            check_entries([right, wrong, right])
        assert refused.value.where == named


class TestInstant:
    def test_is_written_in_utc_with_microseconds(self) -> None:
        shanghai = timezone(timedelta(hours=8))
        at = datetime(2026, 11, 23, 12, 0, 0, 1500, tzinfo=shanghai)

        assert instant(at) == "2026-11-23T04:00:00.001500Z"

    def test_refuses_a_naive_time(self) -> None:
        with pytest.raises(EntryNotCanonical, match="at:"):
            instant(NAIVE)


class TestLeafText:
    def test_is_the_leaf_of_the_documentation(self) -> None:
        entry = Entry(
            type="exchange.answered",
            office="scjg-330106",
            actor=SYSTEM,
            case="D20261123-8F3K2M",
            exchange="e1",
            purpose="办理食品经营许可",
            basis="食品安全法第35条",
            outcome="FOUND",
        )
        sealed = Sealed(actor="system", subject="ab12", details="cd34")

        assert leaf_text(entry, at="2026-11-23T04:00:00.000000Z", sealed=sealed) == (
            '{"actor":{"id":"system","kind":"system","role":"system"},'
            '"at":"2026-11-23T04:00:00.000000Z","basis":"食品安全法第35条",'
            '"case":"D20261123-8F3K2M","code":"","details":"cd34","exchange":"e1",'
            '"office":"scjg-330106","outcome":"FOUND","purpose":"办理食品经营许可",'
            '"subject":"ab12","type":"exchange.answered","v":1}'
        )

    @given(case=TEXTS, purpose=TEXTS, role=TEXTS)
    def test_is_canonical(self, case, purpose, role) -> None:
        actor = Actor("human", "a", role)
        entry = Entry(type="case.moved", actor=actor, case=case, purpose=purpose)

        text = leaf_text(entry, at="2026", sealed=Sealed("p", "", ""))

        assert canonical(json.loads(text), "leaf") == text


class TestSalts:
    def test_the_same_name_has_another_pseudonym_under_another_salt(self) -> None:
        assert pseudonym("entity:9133", b"a" * 16) != pseudonym(
            "entity:9133", b"b" * 16
        )

    def test_the_same_details_have_another_digest_under_another_salt(self) -> None:
        assert details_digest("{}", b"a" * 16) != details_digest("{}", b"b" * 16)


def test_the_pure_modules_import_no_django() -> None:
    program = (
        "import sys; import services.ledger.entry, services.ledger.tree;"
        "sys.exit(any(name.split('.')[0] in {'django', 'celery'} "
        "for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
