"""The verification log's tables: entries are inserted and never touched again."""

from __future__ import annotations

from django.db import models


class LogEntry(models.Model):
    """One event, as canonical JSON; the columns beside it only help to find it."""

    leaf = models.TextField(help_text="RFC 8785 canonical JSON, UTF-8")
    leaf_hash = models.BinaryField(max_length=32, help_text="RFC 6962 leaf hash")
    type = models.CharField(max_length=40, db_index=True)
    at = models.DateTimeField(db_index=True)
    office = models.CharField(max_length=40, blank=True)
    case = models.CharField(max_length=40, blank=True, db_index=True)
    exchange = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=64, blank=True, help_text="pseudonym")
    actor = models.CharField(max_length=80, blank=True, help_text="pseudonym or system")

    class Meta:
        verbose_name = "log entry"
        verbose_name_plural = "log entries"


class PendingEntry(models.Model):
    """An entry that the sequencer has not yet placed. Deleted when it has."""

    entry_id = models.BigIntegerField(primary_key=True)


class EntryDetails(models.Model):
    """Personal or bulky details of an entry; may lawfully be deleted."""

    entry_id = models.BigIntegerField(primary_key=True)
    salt = models.BinaryField(max_length=16)
    body = models.JSONField()


class Pseudonym(models.Model):
    """Whose pseudonym stands in the log; deleting the salt forgets the subject."""

    clear = models.CharField(max_length=200, unique=True, help_text="kind:key")
    salt = models.BinaryField(max_length=16)
    pseudonym = models.CharField(max_length=64, unique=True)


class Bundle(models.Model):
    """Up to 256 consecutive leaves in their final order. Inserted once."""

    start = models.BigIntegerField(primary_key=True, help_text="index of first leaf")
    count = models.PositiveSmallIntegerField()
    entry_ids = models.BinaryField(help_text="count × 8 bytes, big endian")
    hashes = models.BinaryField(help_text="count × 32 bytes")


class TreeHead(models.Model):
    """The root over the first `size` leaves, and what is needed to append."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField(max_length=32)
    frontier = models.BinaryField(
        help_text="hashes of the full subtrees, 32 bytes each"
    )
    at = models.DateTimeField()
