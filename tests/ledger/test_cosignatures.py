"""What fsck finds of a witness's cosignatures, which are stored below our own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from services.ledger.check import check_log
from services.ledger.models import Checkpoint
from services.ledger.note import parse_note
from tests.ledger.test_witness import cosigner_at, serving
from tests.ledger.writing import place_and_sign, tamper, write_and_place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cosigned(settings, tmp_path: Path):
    """Have two checkpoints that a witness over HTTP cosigned."""
    cosigner = cosigner_at(tmp_path / "process")
    settings.WITNESS_KEYS = [str(cosigner.signer.key)]
    with serving(cosigner) as settings.WITNESS:
        for count in (3, 2):
            write_and_place(count)
            place_and_sign()
        yield


def found() -> list[str]:
    return [str(difference) for difference in check_log().differences]


def stripped(text: str) -> str:
    return text.removesuffix(parse_note(text).signatures[1].line)


def of_another_time(text: str) -> str:
    theirs = parse_note(text).signatures[1]
    value = bytes([*theirs.value[:7], theirs.value[7] ^ 1, *theirs.value[8:]])
    return stripped(text) + theirs._replace(value=value).line


def of_another_key(text: str) -> str:
    theirs = parse_note(text).signatures[1]
    return stripped(text) + theirs._replace(key_id=b"none").line


def test_honest_cosignatures_are_sound():
    assert found() == []


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (stripped, "no known key signed this"),
        (of_another_time, "the signature of witness.example does not fit"),
        (of_another_key, "no known key signed this"),
    ],
)
def test_one_that_was_stripped_or_edited_is_named(
    edit: Callable[[str], str], says: str
):
    text = edit(Checkpoint.objects.get(size=5).note)
    tamper("UPDATE ledger_checkpoint SET note = %s WHERE size = 5", text)

    (difference,) = found()

    assert f"checkpoint 5, cosignature: {says}" in difference


def test_none_is_missed_from_before_there_was_this_witness():
    text = stripped(Checkpoint.objects.get(size=3).note)
    tamper("UPDATE ledger_checkpoint SET note = %s WHERE size = 3", text)

    assert found() == []


def test_the_first_may_be_missing_but_not_wrong():
    text = of_another_time(Checkpoint.objects.get(size=3).note)
    tamper("UPDATE ledger_checkpoint SET note = %s WHERE size = 3", text)

    (difference,) = found()

    assert "checkpoint 3, cosignature: the signature of" in difference


def test_without_its_key_in_the_settings_nobody_can_tell(settings):
    settings.WITNESS_KEYS = []
    text = stripped(Checkpoint.objects.get(size=5).note)
    tamper("UPDATE ledger_checkpoint SET note = %s WHERE size = 5", text)

    assert found() == []
