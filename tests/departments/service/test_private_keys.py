"""Each department has one key for good, and nobody else reads it."""

import json

import pytest

from services.departments.service.private_keys import (
    KeysContradict,
    private_keys,
    public_text,
)


def test_are_made_once_and_their_public_halves_told(tmp_path):
    public = tmp_path / "keys" / "keys.json"

    first = private_keys(["scjg", "hub"], public=public)
    again = private_keys(["scjg", "hub", "wsjk"], public=public)

    assert public_text(first["scjg"]) == public_text(again["scjg"])
    assert json.loads(public.read_text()) == {
        code: public_text(key) for code, key in again.items()
    }


def test_are_for_their_owner_alone(tmp_path):
    private_keys(["scjg"], public=tmp_path / "keys.json")

    assert (tmp_path / "private").stat().st_mode & 0o077 == 0
    assert (tmp_path / "private" / "scjg.key").stat().st_mode & 0o077 == 0


def test_are_not_published_over_another(tmp_path):
    public = tmp_path / "keys.json"
    private_keys(["scjg"], public=public)
    (tmp_path / "private" / "scjg.key").unlink()
    before = public.read_text()

    with pytest.raises(KeysContradict, match="scjg"):
        private_keys(["scjg"], public=public)
    assert public.read_text() == before
