"""
Serve the signed checkpoint, the tree's hashes and the entries (C2SP tlog-tiles).

What a path names never changes; only what no checkpoint covers yet may still come.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from services.accounts.permissions import may
from services.ledger.covering import newest_checkpoint
from services.ledger.operations.look import look_at_log
from services.ledger.shelf import TileMissing, entries_of, hashes_of
from services.ledger.tiles import ENTRIES, Tile, pack_entries, parse_path
from services.web.seat import actor_in

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FOR_A_MOMENT = "public, max-age=2"
FOR_EVER = "public, max-age=31536000, immutable"
NOT_AT_ALL = "no-store"

logger = logging.getLogger(__name__)

View = Callable[Concatenate[HttpRequest, ...], HttpResponse]


def whole(view: View) -> View:
    """Answer 503, and no server error, where the database has lost what was signed."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except TileMissing as hole:
            logger.critical("The log has a hole; run fsck_log: %s", hole)
            why = f"{hole}: the log's own database has a hole\n"
            headers = {"Content-Type": TEXT, "Cache-Control": NOT_AT_ALL}
            status = HTTPStatus.SERVICE_UNAVAILABLE
            return HttpResponse(why, status=status, headers=headers)

    return answer


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Serve the newest checkpoint."""
    public = settings.LOG_TILES_PUBLIC
    signed = newest_checkpoint() if public or _is_auditor(request) else None
    if signed is None:
        return _nothing("no checkpoint is here")
    return _answer(signed.note, TEXT, FOR_A_MOMENT if public else NOT_AT_ALL)


@require_safe
@whole
def hashes(request: HttpRequest, tile: str) -> HttpResponse:
    """Serve the hashes of a tile, full or partial."""
    public = settings.LOG_TILES_PUBLIC
    found = _covered(tile) if public or _is_auditor(request) else None
    if found is None:
        return _nothing(f"no checkpoint covers tile/{tile}")
    packed = b"".join(hashes_of(found))
    return _answer(packed, BYTES, FOR_EVER if public else NOT_AT_ALL)


@require_safe
@gzip_page
@whole
def entries(request: HttpRequest, number: str) -> HttpResponse:
    """Serve a bundle of entries, to auditors unless the log is public; they look."""
    path = f"{ENTRIES}/{number}"
    public, actor = settings.LOG_ENTRIES_PUBLIC, actor_in(request)
    found = _covered(path) if public or _is_auditor(request) else None
    if found is None:
        return _nothing(f"no checkpoint covers tile/{path}")
    packed = pack_entries(entries_of(found))
    if actor and not public:
        look_at_log(actor=actor, now=timezone.now(), at={"tile": path})
    return _answer(packed, BYTES, FOR_EVER if public else NOT_AT_ALL)


def _covered(path: str) -> Tile | None:
    """Return the tile of a path, if the newest checkpoint's tree has it."""
    tile, signed = parse_path(path), newest_checkpoint()
    if tile is None or signed is None or not tile.exists_in(signed.size):
        return None
    return tile


def _is_auditor(request: HttpRequest) -> bool:
    return may(actor_in(request), "see_log")


def _answer(content: str | bytes, kind: str, caching: str) -> HttpResponse:
    headers = {"Content-Type": kind, "Cache-Control": caching}
    return HttpResponse(content, headers=headers)


def _nothing(why: str) -> HttpResponse:
    """Answer 404, also where somebody may not know whether there is anything."""
    headers = {"Content-Type": TEXT, "Cache-Control": NOT_AT_ALL}
    return HttpResponseNotFound(f"{why}\n", headers=headers)
