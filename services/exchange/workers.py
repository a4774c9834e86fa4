"""What a worker process has besides its slot: threads that wait for departments."""

from __future__ import annotations

import logging

from celery import signals

from services.exchange.bulkhead import close_pool, open_pool
from services.exchange.places import EACH

logger = logging.getLogger(__name__)

# The stack waits fifteen seconds for a worker (docs/deployment.md).
DRAIN_S = 7.0


def prepare() -> None:
    """Open the threads in each worker process, and empty them when it ends."""
    signals.worker_process_init.connect(_begin)
    signals.worker_process_shutdown.connect(_end)
    signals.worker_shutdown.connect(_end)


def _begin(**_signal: object) -> None:
    open_pool(each=EACH)


def _end(**_signal: object) -> None:
    left = close_pool(within_s=DRAIN_S)
    if left:
        logger.warning("%d calls to departments are left to their leases", left)
