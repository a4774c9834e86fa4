"""What Python proves, tlog.js finds proved; and nothing that was changed."""

from __future__ import annotations

import pytest

from services.ledger.note import (
    Checkpoint,
    cosign,
    encode,
    sign_note,
)
from services.ledger.proofs import consistency_ranges, inclusion_ranges, range_hash
from services.ledger.tree import leaf_hash, root_of
from tests.ledger.test_verify import OTHER, SIGNER, WITNESS

pytestmark = [pytest.mark.browser, pytest.mark.django_db]

LEAVES = [leaf_hash(str(number).encode()) for number in range(300)]
SIZES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 17, 255, 256, 257, 300]
RUN = """
async ({ kind, proofs }) => {
  const tlog = await import("/static/web/tlog.js");
  const bytes = (text) => tlog.fromBase64(text, { what: "hash" });
  const check = kind === "inclusion" ? tlog.verifyInclusion : tlog.verifyConsistency;
  const said = [];
  for (const proof of proofs) {
    const read = { ...proof, hashes: proof.hashes.map(bytes) };
    for (const name of ["leaf", "root", "oldRoot"]) {
      if (name in proof) read[name] = bytes(proof[name]);
    }
    try {
      await check(read);
      said.push("holds");
    } catch (refused) {
      said.push(refused.code);
    }
  }
  return said;
}
"""
READ = """
async (text) => {
  const tlog = await import("/static/web/tlog.js");
  try {
    return [...tlog.fromBase64(text, { what: "hash" })];
  } catch (refused) {
    return refused.code;
  }
}
"""
OPEN = """
async ({ note, keys }) => {
  const tlog = await import("/static/web/tlog.js");
  try {
    const known = await Promise.all(keys.map(tlog.parseKey));
    const { size, signed } = await tlog.verifyCheckpoint(note, known);
    return { size, signed: signed.map(({ name, seconds }) => [name, seconds]) };
  } catch (refused) {
    return refused.code;
  }
}
"""


def node_at(height: int, index: int) -> bytes:
    return root_of(LEAVES[index << height : (index + 1) << height])


def inclusion(index: int, size: int) -> dict[str, object]:
    hashes = [range_hash(r, node_at) for r in inclusion_ranges(index=index, size=size)]
    return {
        "leaf": encode(LEAVES[index]),
        "index": index,
        "size": size,
        "root": encode(root_of(LEAVES[:size])),
        "hashes": [encode(each) for each in hashes],
    }


def consistency(old: int, size: int) -> dict[str, object]:
    hashes = [range_hash(r, node_at) for r in consistency_ranges(old=old, size=size)]
    return {
        "old": old,
        "oldRoot": encode(root_of(LEAVES[:old])),
        "size": size,
        "root": encode(root_of(LEAVES[:size])),
        "hashes": [encode(each) for each in hashes],
    }


def changed(proof: dict[str, object]) -> list[dict[str, object]]:
    """Return the proof with each of its hashes changed, one missing, one too many."""
    hashes, wrong = list(proof["hashes"]), encode(bytes(32))
    variants = [[*hashes[:at], wrong, *hashes[at + 1 :]] for at in range(len(hashes))]
    variants += [hashes[:-1]] if hashes else []
    variants.append([*hashes, wrong])
    roots = [{**proof, name: wrong} for name in ("root", "oldRoot") if name in proof]
    return [{**proof, "hashes": each} for each in variants] + roots


@pytest.fixture
def run(page):
    page.goto("/healthz")

    def run(kind: str, proofs: list[dict[str, object]]) -> list[str]:
        return page.evaluate(RUN, {"kind": kind, "proofs": proofs})

    return run


def test_inclusion(run):
    honest = [inclusion(index, n) for n in SIZES[:12] for index in range(n)]
    honest += [inclusion(index, n) for n in SIZES[12:] for index in (0, 77, n - 1)]
    forged = [each for proof in honest[::3] for each in changed(proof)]

    assert set(run("inclusion", honest)) == {"holds"}
    assert set(run("inclusion", forged)) == {"other-root", "proof-short", "proof-long"}


def test_consistency(run):
    honest = [consistency(old, n) for n in SIZES for old in [0, *SIZES] if old <= n]
    forged = [each for proof in honest if proof["old"] for each in changed(proof)]

    assert set(run("consistency", honest)) == {"holds"}
    assert set(run("consistency", forged)) == {"rewritten", "proof-short", "proof-long"}
    swapped = consistency(7, 300) | {"old": 300, "size": 7}
    assert run("consistency", [swapped]) == ["shrunk"]


def test_base_64_has_one_form_only(page):
    page.goto("/healthz")

    def read(text: str):
        return page.evaluate(READ, text)

    assert read("QQ==") == [65]
    assert [read(text) for text in ("QR==", "QQ", "Q Q==", "?")] == ["base64"] * 4


def test_a_checkpoint_and_its_witness(page):
    head = Checkpoint(SIGNER.name, 300, root_of(LEAVES))
    note = sign_note(head.text, SIGNER)
    seen = str(note) + cosign(head.text, WITNESS, seconds=1_763_956_800).line
    wrong = str(note) + cosign(f"{head.text}x\n", WITNESS, seconds=1).line
    keys = [str(SIGNER.key), str(WITNESS.key)]
    page.goto("/healthz")

    def opened(text: str, keys: list[str] = keys):
        return page.evaluate(OPEN, {"note": text, "keys": keys})

    signed = [[SIGNER.name, None]]
    assert opened(str(note)) == {"size": 300, "signed": signed}
    assert opened(seen)["signed"] == [*signed, [WITNESS.name, 1_763_956_800]]
    assert opened(wrong) == "signature"
    assert opened(seen.replace("\n300\n", "\n301\n")) == "signature"
    assert opened(str(note), [str(OTHER.key)]) == "unknown-key"
    assert opened(seen, keys[::-1]) == "other-log"
    mistyped = keys[0].replace("AUgH", "AUgI")
    assert mistyped != keys[0]
    assert opened(str(note), [mistyped]) == "key-id"
