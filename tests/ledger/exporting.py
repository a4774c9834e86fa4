"""Exports and receipts as the log writes them, from a list of entries."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.ledger.note import (
    COSIGNATURE,
    Checkpoint,
    Ed25519Signer,
    Proof,
    sign_note,
)
from services.ledger.proofs import inclusion_ranges, range_hash
from services.ledger.tiles import Tile, bundles_of, pack_entries, tiles_of
from services.ledger.tree import leaf_hash, root_of
from services.ledger.verify import main

SIGNER = Ed25519Signer("log.example", Ed25519PrivateKey.from_private_bytes(b"1" * 32))
OTHER = Ed25519Signer("log.example", Ed25519PrivateKey.from_private_bytes(b"2" * 32))
ELSEWHERE = Ed25519Signer(
    "elsewhere.example", Ed25519PrivateKey.from_private_bytes(b"1" * 32)
)
WITNESS = Ed25519Signer(
    "witness.example", Ed25519PrivateKey.from_private_bytes(b"3" * 32), COSIGNATURE
)


def entries_of(size: int, salt: str = "") -> list[bytes]:
    return [f'{{"n":{number}{salt}}}'.encode() for number in range(size)]


def checkpoint(entries: list[bytes], signer: Ed25519Signer = SIGNER) -> str:
    root = root_of([leaf_hash(entry) for entry in entries])
    head = Checkpoint(signer.name, len(entries), root)
    return str(sign_note(head.text, signer))


def export(folder: Path, entries: list[bytes], signer: Ed25519Signer = SIGNER) -> Path:
    """Write what `export_log` writes, from a list."""
    rows = [[leaf_hash(entry) for entry in entries]]
    while len(rows[-1]) >= 256:
        row = rows[-1]
        full = range(len(row) // 256)
        rows.append([root_of(row[256 * n : 256 * n + 256]) for n in full])
    for tile in tiles_of(len(entries)):
        first = 256 * tile.number
        put(folder, tile, b"".join(rows[tile.level][first : first + tile.width]))
    for tile in bundles_of(len(entries)):
        first = 256 * tile.number
        put(folder, tile, pack_entries(entries[first : first + tile.width]))
    folder.mkdir(exist_ok=True)
    (folder / "checkpoint").write_text(checkpoint(entries, signer))
    return folder


def put(folder: Path, tile: Tile, content: bytes) -> None:
    file = folder / "tile" / tile.path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def verify(*arguments: object, key: object = SIGNER.key) -> int:
    return main([*map(str, arguments), "--key", str(key)])


def receipt(folder: Path, entries: list[bytes], index: int) -> tuple[Path, Path]:
    leaves = [leaf_hash(entry) for entry in entries]

    def node_at(height: int, at: int) -> bytes:
        return root_of(leaves[at << height : (at + 1) << height])

    ranges = inclusion_ranges(index=index, size=len(entries))
    hashes = tuple(range_hash(each, node_at) for each in ranges)
    proof, entry = folder / "case.tlog-proof", folder / "entry"
    proof.write_text(str(Proof(index, hashes, checkpoint(entries))))
    entry.write_bytes(entries[index])
    return proof, entry
