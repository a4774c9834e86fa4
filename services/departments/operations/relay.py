"""
Put questions to a department, through the hub where that stands before it.

The hub serves a copy while it is young enough, else it asks the department. Where the
department fails it serves the copy it has, however old, with the time of its snapshot,
and says of the rest how the department failed. Whatever goes wrong with the call as
such is then the hub's own failure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import connections
from django.utils import timezone

from services.common.among import among, listed
from services.common.statements import fetch, instant
from services.departments.faults import SOUND, UNSEEN, Mode, spoil_answers
from services.departments.gateways.contract import HUB, Answer, Question
from services.departments.gateways.wire import answer_from_json
from services.departments.house import profiles
from services.departments.hub import copies_kept, copy_key, still_good
from services.departments.models import Profile
from services.departments.operations.attend import attend
from services.departments.operations.copy import keep_copies
from services.departments.operations.note import note_questions
from services.departments.reply import Reply, Terms, conclude, meet
from services.departments.router import ALIAS

COPIES = "SELECT key, answer, snapshot_at FROM departments_hubcopy WHERE key {among}"
PATIENCE_SECONDS = 3  # of the hub: less than a caller's


def relay(*, department: str, questions: Sequence[Question], terms: Terms) -> Reply:
    """Return what comes of one call to a department. Journals are written."""
    age = copies_kept(department)
    known = profiles(department, HUB)
    if age is None:
        return attend(profile=known[department], questions=questions, terms=terms)
    hub = meet(known[HUB], call=questions[0].request_id, terms=terms)
    if hub.mode in UNSEEN or hub.mode == Mode.NOT_AUTHORISED:
        return hub
    reply = _through(known[department], age, questions, terms)
    return replace(
        reply,
        mode=hub.mode,
        seconds=hub.seconds + reply.seconds,
        answers=spoil_answers(hub.mode, reply.answers, seed=known[HUB].seed),
    )


def _through(
    profile: Profile, age: timedelta, questions: Sequence[Question], terms: Terms
) -> Reply:
    """Return what the hub learns from the department and from its copies."""
    keys = _keys(profile.department, questions) if age else {}
    copies = _copies(keys, terms.now) if keys else {}
    served = {name: c for name, c in copies.items() if _taken(c) > terms.now - age}
    rest = [question for question in questions if question.request_id not in served]
    reply, answers = Reply(signer=HUB), list[Answer]()
    if rest:
        reply = attend(profile=profile, questions=rest, terms=terms)
        reply = reply.cut_off(after=PATIENCE_SECONDS)
        answers = list(reply.answers)
    if reply.fails:
        served = copies
        missing = [one for one in rest if one.request_id not in served]
        answers = conclude(reply.mode, missing)
    elif keys and reply.mode in SOUND:
        asked = {keys[one.request_id]: one for one in rest}
        keep_copies(questions=asked, answers=answers, now=terms.now)
    if served:
        note_questions(department=HUB, answers=list(served.values()), now=terms.now)
    own = not served and not reply.fails
    return Reply(
        signer=profile.department if own else HUB,
        seconds=reply.seconds,
        answers=[*served.values(), *answers],
    )


def _keys(department: str, questions: Sequence[Question]) -> dict[str, str]:
    """Return under what the answer to each request is kept."""
    return {one.request_id: copy_key(department, one) for one in questions}


def _copies(keys: Mapping[str, str], now: datetime) -> dict[str, Answer]:
    """Return the copies that may answer, by request id."""
    connection = connections[ALIAS]
    rows = fetch(
        connection,
        COPIES.format(among=among(connection)),
        [listed(connection, set(keys.values()))],
    )
    kept = {
        key: replace(
            answer_from_json(json.loads(answer)), snapshot_at=instant(at), via=HUB
        )
        for key, answer, at in rows
    }
    today = timezone.localdate(now)
    return {
        name: replace(kept[key], request_id=name)
        for name, key in keys.items()
        if key in kept and still_good(kept[key], today)
    }


def _taken(copy: Answer) -> datetime:
    """Return when a copy was made."""
    return copy.snapshot_at or datetime.min.replace(tzinfo=UTC)
