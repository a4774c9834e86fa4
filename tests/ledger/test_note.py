"""Signed notes, checkpoints and proofs: the forms and examples of the C2SP texts."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.note import (
    COSIGNATURE,
    Checkpoint,
    Ed25519Signer,
    Note,
    NoteRefused,
    Proof,
    Signature,
    cosign,
    cosigned_at,
    open_note,
    parse_checkpoint,
    parse_key,
    parse_note,
    parse_proof,
    sign_note,
)

# The example of C2SP signed-note.
KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""  # noqa: E501
# The example of C2SP tlog-checkpoint.
CHECKPOINT = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
"""
LOG = Ed25519Signer("log.example", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
WITNESS = Ed25519Signer(
    "witness.example", Ed25519PrivateKey.from_private_bytes(b"2" * 32), COSIGNATURE
)
OTHER = Ed25519Signer("log.example", Ed25519PrivateKey.from_private_bytes(b"3" * 32))
TEXT = Checkpoint("log.example", 7, b"r" * 32).text


def test_the_specifications_example_verifies():
    note = open_note(NOTE, [parse_key(KEY)])

    assert note.text == "This is an example message.\n"
    assert str(note) == NOTE
    assert str(parse_key(KEY)) == KEY


@given(at=st.integers(0, len(NOTE.encode()) - 1), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_note_passes(at: int, bit: int):
    changed = bytearray(NOTE.encode())
    changed[at] ^= 1 << bit
    try:
        text = changed.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(NoteRefused):
        open_note(text, [parse_key(KEY)])


def test_a_key_is_known_by_name_and_id_together():
    signed = sign_note(TEXT, LOG)

    assert open_note(str(signed), [OTHER.key, LOG.key]) == signed
    with pytest.raises(NoteRefused, match="no known key signed this"):
        open_note(str(signed), [OTHER.key])


def test_signatures_of_unknown_keys_are_ignored_and_wrong_ones_of_known_keys_are_not():
    signed = sign_note(TEXT, LOG)
    stranger = sign_note(TEXT, OTHER).signatures[0]
    both = Note(TEXT, (*signed.signatures, stranger))
    assert open_note(str(both), [LOG.key]).signatures == signed.signatures

    forged = Signature(LOG.name, LOG.key.key_id, bytes(64))
    with pytest.raises(NoteRefused, match=r"of log\.example does not fit"):
        open_note(str(Note(TEXT, (stranger, forged))), [LOG.key, OTHER.key])


def test_a_witness_signs_the_time_too():
    signed = sign_note(TEXT, LOG)
    line = cosign(TEXT, WITNESS, seconds=1_679_315_147)
    note = Note(TEXT, (*signed.signatures, line))

    opened = open_note(str(note), [LOG.key, WITNESS.key])

    assert [s.name for s in opened.signatures] == ["log.example", "witness.example"]
    assert cosigned_at(opened.signatures[1]) == 1_679_315_147
    later = line._replace(value=(1).to_bytes(8, "big") + line.value[8:])
    with pytest.raises(NoteRefused, match=r"of witness\.example does not fit"):
        open_note(str(Note(TEXT, (later,))), [WITNESS.key])


def test_the_signed_message_of_a_cosignature_is_the_specifications():
    line = cosign(CHECKPOINT, WITNESS, seconds=1_679_315_147)

    message = f"cosignature/v1\ntime 1679315147\n{CHECKPOINT}".encode()
    WITNESS.private.public_key().verify(line.value[8:], message)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no signatures\n", "no signatures"),
        ("text\n\n", "no signatures"),
        ("text\n\n— name\n", "too short"),
        ("text\n\n— a b AAAA\n", "malformed|base 64"),
        ("text\n\n- name AAAAAAAA\n", "malformed"),
        ("text\n\n— name AAAAAAA\n", "not base 64"),
        ("text\n\n— name AAAA\n", "too short"),
        ("text\tx\n\n— name AAAAAAAA\n", "control characters"),
        ("text\n\n— name AAAAAAAA", "no last line end"),
        ("text\n\n" + "— name AAAAAAAA\n" * 65, "too many"),
    ],
)
def test_what_is_no_signed_note_is_refused_with_the_reason(text: str, why: str):
    with pytest.raises(NoteRefused, match=why):
        parse_note(text)


@pytest.mark.parametrize(
    "key",
    [
        *("", "name", "name+00000000", "name+00000000+AAAA"),
        KEY.replace("530d903a", "530d903b"),
        KEY.replace("example.com/foo", "example.com/bar"),
    ],
)
def test_a_malformed_key_is_refused(key: str):
    with pytest.raises(NoteRefused, match="key"):
        parse_key(key)


def test_the_example_checkpoint_is_read_and_written_again():
    checkpoint = parse_checkpoint(CHECKPOINT)

    assert checkpoint.origin == "example.com/behind-the-sofa"
    assert checkpoint.size == 20_852_163
    assert checkpoint.text == CHECKPOINT
    assert parse_checkpoint(CHECKPOINT + "an extension\n") == checkpoint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("20852163", "020852163"),
        ("20852163", "-1"),
        ("20852163", "٣"),
        ("20852163", ""),
        ("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "AAAA"),
        ("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", ""),
        ("example.com/behind-the-sofa", ""),
    ],
)
def test_a_malformed_checkpoint_is_refused(old: str, new: str):
    with pytest.raises(NoteRefused, match="checkpoint"):
        parse_checkpoint(CHECKPOINT.replace(old, new))


@given(
    index=st.integers(0, 2**40),
    hashes=st.lists(st.binary(min_size=32, max_size=32), max_size=40),
    extra=st.binary(max_size=20),
)
def test_a_proof_is_read_as_it_was_written(
    index: int, hashes: list[bytes], extra: bytes
):
    proof = Proof(index, tuple(hashes), str(sign_note(TEXT, LOG)), extra)

    assert parse_proof(str(proof)) == proof


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "does not begin"),
        ("c2sp.org/tlog-proof@v2\nindex 0\n\nx", "does not begin"),
        ("c2sp.org/tlog-proof@v1\nindex 0\n", "does not begin"),
        ("c2sp.org/tlog-proof@v1\n\nx", "does not say the index"),
        ("c2sp.org/tlog-proof@v1\nindex 01\n\nx", "does not say the index"),
        ("c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nx", "extra line is not"),
        ("c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx", "does not have 32 bytes"),
    ],
)
def test_a_malformed_proof_is_refused_with_the_reason(text: str, why: str):
    with pytest.raises(NoteRefused, match=why):
        parse_proof(text)
