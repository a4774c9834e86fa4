"""The table of faults: what is broken, how often, and how soon it must be well."""

from __future__ import annotations

from tests.faults import timers
from tests.faults.acts import (
    broker,
    database,
    departments,
    disk,
    garbage,
    hanging,
    power,
    time,
    web,
    workers,
)
from tests.faults.files import Files
from tests.faults.trial import Fault

WORKER_S, BROKER_S, DATABASE_S = 35.0, 60.0, 30.0

FAULTS = (
    Fault(
        "F1", "pool child killed", "kill -9 of a process of the worker's pool, 5 times",
        workers.kill_pool_children, times=10, recovers_within_s=WORKER_S,
    ),
    Fault(
        "F2", "worker killed", "kill -9 of the whole worker group",
        workers.kill_worker, recovers_within_s=WORKER_S,
    ),
    Fault(
        "F3", "web server killed", "kill -9 in mid-request, 3 times; clients try again",
        web.kill_web, times=10,
    ),
    Fault(
        "F4", "broker killed", "kill -9 of the broker, its append-only file kept",
        broker.kill_broker, recovers_within_s=BROKER_S,
    ),
    Fault(
        "F5", "broker data gone", "kill -9 of the broker, its data removed",
        broker.lose_broker_data, recovers_within_s=BROKER_S,
    ),
    Fault(
        "F6", "broker away", "no broker for two minutes; filing goes on",
        broker.miss_broker, recovers_within_s=BROKER_S,
    ),
    Fault(
        "F7", "database killed", "kill -9 of PostgreSQL and all its processes",
        database.kill_database, recovers_within_s=DATABASE_S,
    ),
    Fault(
        "F8", "connections and locks", "no connection free, then all cases locked",
        database.exhaust_connections, recovers_within_s=DATABASE_S,
    ),
    Fault(
        "F9", "clock jumps", "an hour and a day, on and back",
        time.jump,
    ),
    Fault(
        "F10", "duplicates", "fifty equal filings at once, with one key and with none",
        web.file_fifty_times,
    ),
    Fault(
        "F11", "department away", "one department refuses connections",
        departments.miss_a_department,
    ),
    Fault(
        "F11a", "all departments away", "no department is there for the whole load",
        departments.miss_every_department, longer=2.5, files_itself=True, together=1,
    ),
    Fault(
        "F12", "department slow", "by turns one department hangs or is slow (p99 30 s)",
        departments.slow_department,
    ),
    Fault(
        "F12a", "others meanwhile", "throughput of the others while one hangs",
        hanging.compare_with_a_hanging_department, files_itself=True,
        together=1, in_short=False,
    ),
    Fault(
        "F13", "garbage answers", "every department talks another kind of nonsense",
        garbage.talk_nonsense,
    ),
    Fault(
        "F14", "disk full", "no room under database, broker and logs, in turn",
        disk.fill_disks, obstacle=disk.no_small_disk, files_itself=True, together=1,
    ),
    Fault(
        "F15", "two beats, no beat", "two at once, then none for a while",
        time.beat_twice_then_never,
    ),
    Fault(
        "F16", "worker stopped", "SIGSTOP past its lease, another works, SIGCONT",
        workers.stop_worker_past_its_lease, recovers_within_s=WORKER_S,
    ),
    Fault(
        "F17", "old worker", "a worker that does not know a task; parked, re-issued",
        workers.work_with_an_old_worker,
    ),
    Fault(
        "F18", "power cut", "SQLite: everything killed, files copied, reopened",
        power.cut_power, database=Files,
    ),
)  # fmt: skip

DEADLINES = Fault(
    "(g)", "deadlines", "after each group the clock passes all its deadlines",
    timers.nothing_else, times=1,
)  # fmt: skip
BY_CODE = {fault.code: fault for fault in FAULTS}
