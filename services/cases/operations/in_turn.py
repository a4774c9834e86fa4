"""Do many things in batches; one that fails does not hold up the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TypeVar

from django.db import InterfaceError, OperationalError

logger = logging.getLogger(__name__)

Key = TypeVar("Key")
BATCH = 100
NO_DATABASE = (InterfaceError, OperationalError)  # then the others fail as well


def in_turn(
    keys: Sequence[Key], do: Callable[[Sequence[Key]], int], *, batch: int = BATCH
) -> int:
    """
    Hand the keys to `do`, a batch at a time; return the sum of what it returns.

    `do` opens its own transaction. Where it fails, the batch is done one by one, and
    what still fails is logged and left for the next time.
    """
    done, left = 0, iter(keys)
    while some := list(islice(left, batch)):
        try:
            done += do(some)
        except NO_DATABASE:
            raise
        except Exception:
            if len(some) > 1:
                done += in_turn(some, do, batch=1)
            else:
                logger.exception("left for the next time: %s", some[0])
    return done
