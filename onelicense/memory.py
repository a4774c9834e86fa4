"""
When a worker process looks for garbage: not after every few hundred rows.

A batch makes tens of thousands of objects that all live until its end, and Python's
defaults then look through everything loaded, again and again, to find nothing.
"""

from __future__ import annotations

import gc

from celery import signals

# New objects before a young collection; young ones before a middle; middle before full.
THRESHOLDS = (50_000, 20, 50)


def prepare() -> None:
    """Have each worker process leave alone what was loaded before its first task."""
    signals.worker_process_init.connect(settle)


def settle(**_signal: object) -> None:
    """Put what there is out of the collector's sight, and have it look less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
