"""Every kind of tampering that the drill knows, one function each."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from services.ledger import note
from services.ledger.drill.copying import sign_again
from services.ledger.drill.tampering import AT, Hand, NotPossible, put_back
from services.ledger.models import Checkpoint, EntryDetails, LogEntry, TreeHead
from services.ledger.note import Ed25519Signer
from services.ledger.shelf import ID_BYTES
from services.ledger.tree import HASH_BYTES

#: Returns the index of the first leaf that is not what it was, if one can be named.
Tamper = Callable[[Hand], int | None]
ENTRY_COLUMNS = (
    *("leaf", "leaf_hash", "type", "at", "office", "case", "exchange", "subject"),
    *("actor", "outcome", "code"),
)
ABOVE_COLUMNS = {
    "ledger_bundle": ("start", "count", "entry_ids", "hashes"),
    "ledger_treehead": ("size", "root", "frontier"),
    "ledger_treenode": ("level", "number", "hash"),
    "ledger_checkpoint": ("size", "note", "signed_at"),
}
KEYS = {
    "ledger_bundle": "start",
    "ledger_treehead": "size",
    "ledger_treenode": "id",
    "ledger_checkpoint": "size",
}
LEAF_BYTES = {"entry_ids": ID_BYTES, "hashes": HASH_BYTES}
NAME_COLUMNS = ("clear", "salt", "pseudonym")


class Kind(NamedTuple):
    """A kind of tampering; what is not promised is said to go unseen."""

    name: str
    words: StrPromise
    tamper: Tamper
    promised: bool = True


def edit_entry(hand: Hand) -> int:
    """Change one byte in a column of an entry."""
    index, column = hand.index(), hand.random.choice(ENTRY_COLUMNS)
    hand.edit("ledger_logentry", column, "id", hand.order[index])
    return index


def edit_above(hand: Hand) -> int | None:
    """
    Change one byte of bundles, heads, nodes or checkpoints, or the number of one.

    What is found names all but bundles by their own numbers, not by a leaf.
    """
    table = hand.random.choice(list(ABOVE_COLUMNS))
    key = KEYS[table]
    rows = hand.rows(f"SELECT {key} FROM {table} ORDER BY {key}")  # noqa: S608
    if not rows:
        table, key = "ledger_bundle", "start"
        rows = hand.rows("SELECT start FROM ledger_bundle ORDER BY start")
    column = hand.random.choice(ABOVE_COLUMNS[table])
    number = hand.random.choice(rows)[0]
    at = hand.edit(table, column, key, number)
    if table != "ledger_bundle":
        return None
    return int(number) + at // LEAF_BYTES.get(column, 1)


def delete(hand: Hand) -> int:
    """Delete an entry in the middle, with or without closing the gap."""
    index = hand.index()
    hand.change("DELETE FROM ledger_logentry WHERE id = %s", hand.order[index])
    hand.change(
        "DELETE FROM ledger_entrydetails WHERE entry_id = %s", hand.order[index]
    )
    if hand.random.getrandbits(1):
        hand.rebuild([*hand.order[:index], *hand.order[index + 1 :]])
    return index


def cut_tail(hand: Hand) -> int:
    """Delete all that came after a head; checkpoints stay."""
    size = hand.random.choice(
        [0, *(size for size in hand.heads if size < len(hand.order))]
    )
    _cut(hand, size)
    return size


def insert(hand: Hand) -> int | None:
    """Add an entry that was never written, with or without a place in the tree."""
    index = hand.index()
    new = hand.copy_entry(hand.order[index])
    hand.rewrite(new)
    if hand.random.getrandbits(1):
        return None
    hand.rebuild([*hand.order[:index], new, *hand.order[index:]])
    return index


def swap(hand: Hand) -> int:
    """Let two entries change places, with or without a tree to it."""
    if len(hand.order) == 1:
        raise NotPossible("it has one entry")
    one, other = sorted(hand.random.sample(range(len(hand.order)), 2))
    order = list(hand.order)
    order[one], order[other] = order[other], order[one]
    hand.rebuild(order)
    return _first_other(hand, order)


def renumber(hand: Hand) -> int:
    """Give an entry another number."""
    index = hand.index()
    ((newest,),) = hand.rows("SELECT max(id) FROM ledger_logentry")
    hand.change(
        "UPDATE ledger_logentry SET id = %s WHERE id = %s",
        newest + 1,
        hand.order[index],
    )
    return index


def rebuild(hand: Hand) -> int:
    """Change an entry and make every hash right that needs no key."""
    index = hand.index()
    hand.rewrite(hand.order[index])
    hand.rebuild(hand.order)
    return index


def roll_back(hand: Hand) -> int:
    """Put an old backup in place: the log, its tree and its checkpoints."""
    older = [0, *hand.signed[:-1]]
    size = hand.random.choice(older)
    _cut(hand, size)
    hand.change("DELETE FROM ledger_checkpoint WHERE size > %s", size)
    return size


def fork(hand: Hand) -> int:
    """Show somebody else another log of the same size, signed with the key."""
    index = rebuild(hand)
    hand.sign_all()
    return index


def other_key(hand: Hand) -> int:
    """Sign a checkpoint with a key that is not the log's."""
    number = hand.random.randrange(len(hand.signed))
    size = hand.signed[number]
    stranger = Ed25519Signer(hand.copy.signer.name, Ed25519PrivateKey.generate())
    root = bytes(TreeHead.objects.get(size=size).root)
    text = note.sign_note(note.Checkpoint(stranger.name, size, root).text, stranger)
    Checkpoint.objects.filter(size=size).update(note=str(text))
    return hand.signed[number - 1] if number else 0


def edit_details(hand: Hand) -> int:
    """Change or quietly delete the details of an entry."""
    placed = {pk: index for index, pk in enumerate(hand.order)}
    known = EntryDetails.objects.order_by("pk").values_list("pk", flat=True)
    pks = [pk for pk in known if pk in placed]
    if not pks:
        raise NotPossible("none of its entries has details")
    pk = hand.random.choice(pks)
    row = EntryDetails.objects.filter(pk=pk)
    way = hand.random.randrange(4)
    if way < 2:  # noqa: PLR2004  either of its columns
        hand.edit("ledger_entrydetails", ("salt", "entry_id")[way], "entry_id", pk)
    elif way == 2:  # noqa: PLR2004
        hand.change(
            "UPDATE ledger_entrydetails SET body = %s WHERE entry_id = %s",
            json.dumps({**row.get().body, "forged": True}),
            pk,
        )
    else:
        row.delete()
    return placed[pk]


def edit_name(hand: Hand) -> None:
    """Change one byte of what tells whose pseudonym stands in the log."""
    _edit_name(hand, hand.random.choice(NAME_COLUMNS))


def edit_label(hand: Hand) -> None:
    """Change the name that is shown for a person: no leaf covers it."""
    _edit_name(hand, "label")


def lose_witness(hand: Hand) -> int | None:
    """Remove a file of the witness."""
    file = hand.random.choice(sorted(hand.copy.folder.iterdir()))
    file.unlink()
    return None


def rewrite_with_key(hand: Hand) -> int:
    """Rewrite everything with the key, before anybody outside has seen a checkpoint."""
    put_back(hand.copy, {})
    index = rebuild(hand)
    sign_again(hand.copy)
    return index


def move_head(hand: Hand) -> None:
    """Change the time of a tree head: nobody signs it, and nothing rests on it."""
    size = hand.random.choice(list(hand.heads))
    TreeHead.objects.filter(size=size).update(at=AT)


KINDS = (
    Kind("edit", _("改动条目任一列的一个字节"), edit_entry),
    Kind("edit-tree", _("改动数据包、树头、节点或检查点的一个字节"), edit_above),
    Kind("delete", _("删除中间的条目，或再把缺口补平"), delete),
    Kind("cut-tail", _("检查点之后删除末尾"), cut_tail),
    Kind("insert", _("插入从未写过的条目"), insert),
    Kind("swap", _("调换两条的位置并重算整棵树"), swap),
    Kind("renumber", _("改动条目编号"), renumber),
    Kind("rebuild", _("改写一条，无密钥重算其后全部哈希"), rebuild),
    Kind("roll-back", _("恢复到旧备份"), roll_back),
    Kind("fork", _("同一长度签发两个检查点"), fork),
    Kind("other-key", _("用别的密钥签发检查点"), other_key),
    Kind("edit-details", _("改动或悄悄删除明细"), edit_details),
    Kind("edit-name", _("改动化名的本名、盐或化名的一个字节"), edit_name),
    Kind("lose-witness", _("删去见证方的一个文件"), lose_witness),
    Kind(
        "rewrite-with-key",
        _("持有密钥者在首个检查点传出之前改写全部：无从发现"),
        rewrite_with_key,
        promised=False,
    ),
    Kind(
        "move-head",
        _("改动树头的时间：无人签署，也无所依凭"),
        move_head,
        promised=False,
    ),
    Kind(
        "edit-label",
        _("改动人员的显示姓名：条目里只有化名，无从发现"),
        edit_label,
        promised=False,
    ),
)


def _edit_name(hand: Hand, column: str) -> None:
    rows = hand.rows("SELECT id FROM ledger_pseudonym ORDER BY id")
    if not rows:
        raise NotPossible("nobody is named in it")
    hand.edit("ledger_pseudonym", column, "id", hand.random.choice(rows)[0])


def _cut(hand: Hand, size: int) -> None:
    for pk in hand.order[size:]:
        hand.change("DELETE FROM ledger_logentry WHERE id = %s", pk)
        hand.change("DELETE FROM ledger_entrydetails WHERE entry_id = %s", pk)
    hand.rebuild(hand.order[:size])


def _first_other(hand: Hand, order: Sequence[int]) -> int:
    """Return the first place whose leaf is another; equal leaves may change places."""
    hashes = dict(LogEntry.objects.values_list("pk", "leaf_hash"))
    for index, (before, after) in enumerate(zip(hand.order, order, strict=False)):
        if hashes[before] != hashes[after]:
            return index
    return len(hand.order)
