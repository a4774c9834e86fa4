"""(d) The log holds what happened to exchanges, and its tree follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from tests.faults.checker.books import Row
from tests.faults.checker.evidence import Evidence

OUTCOMES = (
    *("exchange.answered", "exchange.presumed"),
    *("exchange.refused", "exchange.quarantined"),
)
EXCHANGES = """
SELECT e.id, e.public_id, e.state, e.outcome, e.reused, e.attempts_made,
       count(a.id) AS attempts, coalesce(max(a.number), 0) AS last
  FROM exchange_exchange e LEFT JOIN exchange_attempt a ON a.exchange_id = e.id
 GROUP BY e.id, e.public_id, e.state, e.outcome, e.reused, e.attempts_made
"""
LEAVES = "SELECT id, leaf, leaf_hash FROM ledger_logentry"
BUNDLES = "SELECT start, count, entry_ids FROM ledger_bundle ORDER BY start"
HEAD = "SELECT size, root FROM ledger_treehead ORDER BY size DESC LIMIT 1"
PENDING = (
    "SELECT coalesce(sum(length(entry_ids)), 0) / 8 AS entries"
    " FROM ledger_pendingentries"
)
ID_BYTES = 8


def faults(evidence: Evidence) -> Iterator[str]:
    """Compare entries with exchanges and attempts, then derive the tree anew."""
    yield from _exchanges(evidence)
    yield from _tree(evidence)


def _exchanges(evidence: Evidence) -> Iterator[str]:
    begun = {
        reused: evidence.logged(event, "exchange")
        for reused, event in ((0, "exchange.intended"), (1, "exchange.reused"))
    }
    ended: Counter[str] = Counter()
    for event in (*OUTCOMES, "assist.requested"):
        ended.update(evidence.logged(event, "exchange"))
    answered = evidence.logged("exchange.answered", "exchange")
    exchanges = evidence.books.ours(EXCHANGES)
    for row in exchanges:
        name = row["public_id"]
        if (times := answered.get(name, 0)) > row["attempts"]:
            yield f"exchange {name}: {row['attempts']} attempts, {times} answers logged"
        if (times := begun[row["reused"]].get(name, 0)) != 1:
            yield f"exchange {name} stands in the log as begun {times} times"
        yield from _attempts(row, ended[name])
    for name in begun[0].keys() - {row["public_id"] for row in exchanges}:
        yield f"exchange {name} is logged and does not exist"


def _attempts(row: Row, ended: int) -> Iterator[str]:
    """Attempts are numbered without a gap, and each has its outcome in the log."""
    name, attempts = row["public_id"], row["attempts"]
    if not attempts == row["last"] == row["attempts_made"]:
        yield f"exchange {name}: {attempts} attempts, but the last is {row['last']}"
    if ended < attempts:
        yield f"exchange {name}: {attempts} attempts, and {ended} outcomes logged"
    if not (row["reused"] or ended or row["state"] == "cancelled"):
        yield f"exchange {name}: an intent without an outcome"


def _tree(evidence: Evidence) -> Iterator[str]:
    """Every entry is a leaf once, and the last root follows from the leaves."""
    leaves = {}
    for row in evidence.books.ours(LEAVES):
        leaves[row["id"]] = sha256(b"\0" + row["leaf"].encode()).digest()
        if leaves[row["id"]] != bytes(row["leaf_hash"]):
            yield f"log entry {row['id']} was changed"
    pending = evidence.books.count(PENDING)
    if pending:
        yield f"{pending} log entries are still pending"
    order = _order(evidence)
    if len(order) != len(set(order)) or len(order) + pending != len(leaves):
        yield f"{len(leaves)} entries, {len(order)} in the tree, {pending} pending"
    for row in evidence.books.ours(HEAD):
        root = _root([leaves.get(name, b"") for name in order[: row["size"]]])
        if len(order) != row["size"] or root != bytes(row["root"]):
            yield f"the root over {row['size']} leaves is another"


def _order(evidence: Evidence) -> list[int]:
    """Return the ids of the entries in the order of the tree."""
    packed = [bytes(row["entry_ids"]) for row in evidence.books.ours(BUNDLES)]
    return [
        int.from_bytes(ids[at : at + ID_BYTES], "big")
        for ids in packed
        for at in range(0, len(ids), ID_BYTES)
    ]


def _root(hashes: list[bytes]) -> bytes:
    """Return the RFC 6962 root, by the definition: split at the largest power of 2."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else sha256(b"").digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + _root(hashes[:split]) + _root(hashes[split:])).digest()
