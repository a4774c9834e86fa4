"""The sequencer process: gives entries their place, and signs the tree."""

from __future__ import annotations

import os
import signal
import socket
import time
from argparse import ArgumentParser
from threading import Event

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from services.common.statements import NO_DATABASE
from services.ledger.operations.sequence import (
    BATCH,
    AnotherSequencer,
    anything_waits,
    give_up_lease,
    sequence_pending,
)
from services.ledger.operations.sign import LogInconsistent, sign_newest
from services.ledger.signing import LogKeyUnusable, log_signer
from services.ledger.witness import WitnessDamaged, log_witness

POLL_S = 0.2  # at most, between two turns
LOOK_S = 0.02  # between two looks whether anything waits
REST = 1.0  # times as long as it worked
WAIT_FOR_TURN_S = 2.0
# What stands between us and a checkpoint needs a person; entries are placed meanwhile.
UNSIGNABLE = (LogInconsistent, LogKeyUnusable, WitnessDamaged, OSError)
SAY_SO_EVERY_S = 60.0
TRY_AGAIN_S = 1.0


class Command(BaseCommand):
    """Place pending log entries into the tree until told to stop."""

    help = "Place pending log entries into the tree and sign it, again and again."

    _idle_until = 0.0
    _silent_until = 0.0
    _try_again_at = 0.0

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="stop when nothing is pending"
        )

    def handle(self, *, once: bool, **options: object) -> None:
        owner = f"{socket.gethostname()[:60]}:{os.getpid()}"
        if once:
            self._until_nothing_waits(owner)
            give_up_lease(owner=owner)
            return
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            stop.wait(self._turn(owner))
        give_up_lease(owner=owner)

    def _until_nothing_waits(self, owner: str) -> None:
        placed = 0
        try:
            while step := sequence_pending(now=timezone.now(), owner=owner):
                placed += step
        except AnotherSequencer:
            self.stdout.write("another sequencer is at work")
            return
        self._sign()
        self.stdout.write(f"{placed} entries placed")

    def _turn(self, owner: str) -> float:
        """Do one batch; return how long to rest, in seconds."""
        began = time.monotonic()
        try:
            if began < self._idle_until and not anything_waits():
                return LOOK_S
            placed = sequence_pending(now=timezone.now(), owner=owner)
            self._sign()
        except AnotherSequencer:
            return WAIT_FOR_TURN_S
        except NO_DATABASE as failure:
            # The database is away; it comes back.
            self.stderr.write(f"sequencer waits for the database: {failure}")
            connection.close()
            return WAIT_FOR_TURN_S
        self._idle_until = 0.0 if placed else began + POLL_S
        return self._rest_after(placed, time.monotonic() - began)

    def _rest_after(self, placed: int, took: float) -> float:
        """
        Return how long to rest: after work in proportion to what that took.

        A head and its checkpoint cost the same for many entries as for few, and writers
        need the processor too. A backlog is worked off at once.
        """
        if not placed:
            return LOOK_S
        return 0.0 if placed >= BATCH else min(POLL_S, REST * took)

    def _sign(self) -> None:
        """Sign what was placed; what prevents it is said loudly, once a minute."""
        if time.monotonic() < self._try_again_at:
            return
        try:
            sign_newest(signer=log_signer(), witness=log_witness(), now=timezone.now())
        except UNSIGNABLE as problem:
            self._try_again_at = time.monotonic() + TRY_AGAIN_S
            if time.monotonic() < self._silent_until:
                return
            self._silent_until = time.monotonic() + SAY_SO_EVERY_S
            self.stderr.write(f"THE LOG IS NOT SIGNED: {problem}")
        else:
            self._silent_until = 0.0
