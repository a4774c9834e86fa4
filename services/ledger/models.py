"""The verification log's tables: entries are inserted and never touched again."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class LogEntry(models.Model):
    """One event, as canonical JSON; the columns beside it only help to find it."""

    leaf = models.TextField(help_text="RFC 8785 canonical JSON, UTF-8")
    leaf_hash = models.BinaryField(max_length=32, help_text="RFC 6962 leaf hash")
    type = models.CharField(max_length=40)
    at = models.DateTimeField()
    office = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=40, blank=True)
    exchange = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=64, blank=True, help_text="pseudonym")
    actor = models.CharField(max_length=80, help_text="pseudonym, or a system's name")
    outcome = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = "log entry"
        verbose_name_plural = "log entries"
        # Each index slows every entry: only what a page asks for has one.
        indexes = [
            models.Index(
                fields=["case", "id"],
                condition=~models.Q(case=""),
                name="log_entry_of_case",
            ),
            models.Index(fields=["at", "id"], name="log_entry_by_time"),
            models.Index(fields=["type", "at", "id"], name="log_entry_of_type_by_time"),
            models.Index(fields=["actor"], name="log_entry_of_actor"),
            models.Index(
                fields=["subject"],
                condition=~models.Q(subject=""),
                name="log_entry_of_subject",
            ),
        ]


class PendingEntries(models.Model):
    """
    Entries, written together, that the sequencer has not yet placed.

    They are kept as they stand in a bundle. Deleted when they are placed.
    """

    first_id = models.BigIntegerField(primary_key=True, help_text="the lowest of them")
    entry_ids = models.BinaryField(help_text="8 bytes each, big endian, rising")
    hashes = models.BinaryField(help_text="32 bytes each")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="each_pending_id_has_a_hash",
                condition=Exact(Length("hashes"), Length("entry_ids") * 4),
            )
        ]


class EntryDetails(models.Model):
    """Personal or bulky details of an entry; may lawfully be deleted."""

    entry_id = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=16)
    body = models.JSONField()


class Pseudonym(models.Model):
    """Whose pseudonym stands in the log; deleting the salt forgets the subject."""

    clear = models.CharField(max_length=240, unique=True, help_text="kind:key")
    label = models.CharField(max_length=120, blank=True, help_text="a person's name")
    salt = models.BinaryField(max_length=16)
    pseudonym = models.CharField(max_length=64, unique=True)


class NameEdition(models.Model):
    """
    Another one whenever a pseudonym is deleted: see operations/name.py. One row.

    A trigger sees to it, in the transaction that deletes.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    edition = models.CharField(max_length=36)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="there_is_one_name_edition", condition=models.Q(id=1)
            )
        ]


class FirstId(models.Func):
    """The first of packed entry ids: as bytes, big endian, they sort like numbers."""

    template = "SUBSTR(%(expressions)s, 1, 8)"  # in this very form it is indexed
    output_field = models.BinaryField()


class Bundle(models.Model):
    """Up to 256 consecutive leaves in their final order. Inserted once."""

    start = models.BigIntegerField(primary_key=True, help_text="index of first leaf")
    count = models.PositiveSmallIntegerField()
    entry_ids = models.BinaryField(help_text="count × 8 bytes, big endian")
    hashes = models.BinaryField(help_text="count × 32 bytes")

    class Meta:
        # Where an entry stands is found through the bundle that begins before it.
        indexes = [models.Index(FirstId("entry_ids"), name="bundle_by_first_id")]


class TreeHead(models.Model):
    """The root over the first `size` leaves, and what is needed to append."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    frontier = models.BinaryField(
        help_text="hashes of the full subtrees, 32 bytes each"
    )
    at = models.DateTimeField()


class TreeNode(models.Model):
    """A whole node in the row of a tile above the leaves. Inserted once."""

    level = models.PositiveSmallIntegerField(help_text="1: over 256 leaves")
    number = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["level", "number"], name="a_node_stands_once"
            )
        ]


class Checkpoint(models.Model):
    """A tree head that was signed and shown to the witness. Inserted once."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField(help_text="C2SP tlog-checkpoint with its signatures")
    signed_at = models.DateTimeField()


class SequencerLease(models.Model):
    """Who may append to the tree. One row; its lock puts sequencers in a queue."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    owner = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="there_is_one_sequencer_lease", condition=models.Q(id=1)
            )
        ]
