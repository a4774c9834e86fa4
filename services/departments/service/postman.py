"""Send answers that come too late for their call, under seal, a few times over."""

from __future__ import annotations

import logging
from threading import Event, Thread

import httpx
from django.db import DatabaseError, close_old_connections

from services.departments.gateways.envelope import SIGNATURE, Envelope, seal
from services.departments.operations.late import Parcel, note_sending, parcels
from services.departments.service.resources import House

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1
PATIENCE_SECONDS = 5


def start_postman(house: House, stop: Event) -> Thread:
    """Look for due answers in a thread until `stop` is set."""
    thread = Thread(target=_work, args=(house, stop), name="postman", daemon=True)
    thread.start()
    return thread


def deliver(house: House, client: httpx.Client) -> int:
    """Send every parcel that is due; return how many have arrived."""
    return sum(_send(parcel, house, client) for parcel in parcels(now=house.clock()))


def _work(house: House, stop: Event) -> None:
    with httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False) as client:
        while not stop.wait(LOOK_EVERY_SECONDS):
            try:
                deliver(house, client)
            except DatabaseError:
                logger.exception("late answers have to wait")
            finally:
                close_old_connections()


def _send(parcel: Parcel, house: House, client: httpx.Client) -> bool:
    department = parcel.department
    envelope = Envelope(department, department, list(parcel.answers.values()))
    body, signature = seal(envelope, house.keys[department])
    headers = {SIGNATURE: signature, "Content-Type": "application/json"}
    try:
        answer = client.post(parcel.reply_to, content=body, headers=headers)
        arrived = answer.is_success
    except (httpx.HTTPError, httpx.InvalidURL) as failed:
        logger.info("%s does not take late answers: %s", parcel.reply_to, failed)
        arrived = False
    note_sending(parcel=parcel, arrived=arrived, now=house.clock())
    return arrived
