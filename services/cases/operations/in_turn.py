"""Do many things in batches; one that fails does not hold up the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice
from typing import TypeVar

from services.common.statements import NO_DATABASE
from services.exchange.operations.incident import open_incident

logger = logging.getLogger(__name__)

Key = TypeVar("Key")
BATCH = 100


def in_turn(
    keys: Sequence[Key],
    do: Callable[[Sequence[Key]], int],
    *,
    now: datetime,
    batch: int = BATCH,
) -> int:
    """
    Hand the keys to `do`, a batch at a time; return the sum of what it returns.

    `do` opens its own transaction. Where it fails, the batch is done one by one, and
    what still fails is left for the next time, with an incident for the operators.
    """
    done, left = 0, iter(keys)
    while some := list(islice(left, batch)):
        try:
            done += do(some)
        except NO_DATABASE:  # then the others fail as well
            raise
        except Exception as error:
            if len(some) > 1:
                done += in_turn(some, do, now=now, batch=1)
            else:
                logger.exception("left for the next time: %s", some[0])
                _tell(some[0], error, now)
    return done


def _tell(key: object, error: Exception, now: datetime) -> None:
    open_incident(kind="case_stuck", about=str(key), text=type(error).__name__, now=now)
