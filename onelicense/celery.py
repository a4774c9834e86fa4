"""The Celery app: a doorbell. What is to be done stands in the database."""

from __future__ import annotations

import os

from celery import Celery

from onelicense import memory, pooling
from onelicense.heartbeat import HEARTBEAT

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onelicense.settings")

memory.prepare()
pooling.prepare()
app = Celery("onelicense")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_default_queue="bell",
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 300,
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
        # A dead broker must not hold up a filing: the sweeper finds what no bell told.
        "socket_connect_timeout": 1,
        "socket_timeout": 5,
    },
    task_soft_time_limit=50,
    task_time_limit=60,
    **HEARTBEAT,
)
app.autodiscover_tasks()
