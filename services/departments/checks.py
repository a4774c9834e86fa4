"""Whether we and the departments' service agree, looked at before anything starts."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from django.conf import settings
from django.core import checks

from services.departments.gateways.contract import (
    READ_SECONDS,
    DepartmentsUnreachable,
)
from services.departments.gateways.http import AT_ONCE
from services.departments.gateways.keys import KeysUnreadable, public_keys
from services.departments.gateways.upkeep import Upkeep
from services.departments.gateways.wire import Json


def check_agreement(**_options: object) -> list[checks.CheckMessage]:
    """Report what stands against working with the service that the settings name."""
    if not settings.DEPARTMENTS_URL:
        return []
    try:
        about = Upkeep(settings.DEPARTMENTS_URL).about()
    except DepartmentsUnreachable as away:
        return [
            checks.Warning(f"departments do not answer: {away}", id="departments.W001")
        ]
    return [checks.Error(text, id="departments.E001") for text in contradictions(about)]


def check_answers_url(**_options: object) -> list[checks.CheckMessage]:
    """Warn where departments are asked over HTTP and told no place for late answers."""
    if settings.ANSWERS_URL or not settings.DEPARTMENTS_URL:
        return []
    text = "ONELICENSE_ANSWERS_URL is not set: late answers of departments are lost"
    return [checks.Warning(text, id="departments.W002")]


def contradictions(about: Json) -> Iterator[str]:
    """Yield where the service cannot work with us, one line each."""
    promised = about["answers_within_seconds"]
    if promised >= READ_SECONDS:
        yield (
            f"departments answer within {promised} s, but we wait only {READ_SECONDS} s"
        )
    most = about["at_once"]
    if most < AT_ONCE:
        yield f"departments take {most} questions at once, we send {AT_ONCE}"
    try:
        ours = {
            code: base64.b64encode(key.public_bytes_raw()).decode()
            for code, key in public_keys().items()
        }
    except KeysUnreadable as unreadable:
        yield f"the departments' keys cannot be read: {unreadable}"
        return
    theirs = about["keys"]
    wrong = sorted(code for code in theirs if ours.get(code) != theirs[code])
    if wrong:
        yield (
            f"keys of {', '.join(wrong)} are not those in {settings.DEPARTMENTS_KEYS}"
        )
