"""Hand out files; each export is in the log before its first byte leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from django.http import Http404, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from services.common.errors import DomainError
from services.ledger.covering import newest_checkpoint
from services.ledger.explore import Filters, all_found, more_than
from services.ledger.operations.look import look_at_log
from services.ledger.queries import LogLine
from services.web.answers import answer
from services.web.auditor.exports.ocel import ocel_file
from services.web.auditor.exports.rows import HEAD, cells
from services.web.auditor.exports.spreadsheet import xlsx_file
from services.web.auditor.exports.tables import csv_file
from services.web.auditor.exports.tiles import tiles_file
from services.web.auditor.filters import read_filters
from services.web.auditor.questions import ask, company_of, days_of, find_question
from services.web.problems import tell
from services.web.seat import SeatedRequest, seated

MOST = 100_000  # entries that a request looks through; commands have no bound


class TooMuchToExport(DomainError):
    """So long a file takes longer than a request may; a command writes it."""

    code = "too_much_to_export"


class NothingSigned(DomainError):
    """There is no checkpoint yet, so there is nothing that anybody could verify."""

    code = "nothing_signed"


class Form(NamedTuple):
    """A kind of file."""

    ending: str
    media_type: str


CSV = Form("csv", "text/csv; charset=utf-8")
XLSX = Form("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
OCEL = Form("ocel.json", "application/json")
ZIP = Form("zip", "application/zip")
TABLES = {CSV.ending: (CSV, csv_file), XLSX.ending: (XLSX, xlsx_file)}

Writer = Callable[[Iterable[LogLine]], Iterator[bytes]]
WRITERS: Mapping[str, tuple[Form, Writer]] = {
    CSV.ending: (CSV, lambda lines: csv_file(HEAD, map(cells, lines))),
    XLSX.ending: (XLSX, lambda lines: xlsx_file(HEAD, map(cells, lines))),
    OCEL.ending: (OCEL, ocel_file),
}


@require_GET
@seated("see_log")
def entries(request: SeatedRequest, ending: str) -> HttpResponseBase:
    """Hand out all entries that pass the filters of the address."""
    if ending not in WRITERS:
        raise Http404(ending)
    form, write = WRITERS[ending]
    asked = read_filters(request.GET.dict())
    try:
        filters = _exportable(asked.check())
    except DomainError as error:
        return _refused(request, error)
    _log(request, ending, asked.noted(), asked.subject)
    return _file("log", form, write(all_found(filters)))


@require_GET
@seated("see_log")
def tiles(request: SeatedRequest) -> HttpResponseBase:
    """Hand out the whole log for verification."""
    signed = newest_checkpoint()
    if signed is None or not signed.size:
        return _refused(request, NothingSigned("no checkpoint"))
    if signed.size > MOST:
        return _refused(request, TooMuchToExport(str(signed.size)))
    _log(request, "tlog-tiles", {"size": str(signed.size)})
    return _file(f"log-{signed.size}", ZIP, tiles_file(signed))


@require_GET
@seated("see_log")
def answers(request: SeatedRequest, code: str, ending: str) -> HttpResponseBase:
    """Hand out the answer to a saved question as it is shown."""
    if ending not in TABLES:
        raise Http404(ending)
    (form, write), days = TABLES[ending], days_of(request)
    question = find_question(code)
    about = company_of(request, question)
    try:
        licence = about.check().licence
    except DomainError as error:
        return _refused(request, error)
    at = {"question": code, "days": str(days), **about.noted()}
    _log(request, ending, at, about.subject)
    found = ask(question, days, timezone.now(), licence=licence)
    if found.head:
        rows = [row.cells for row in found.rows]
        return _file(code, form, write([str(name) for name in found.head], rows))
    return _file(code, form, write(HEAD, map(cells, found.lines)))


def _exportable(filters: Filters) -> Filters:
    if more_than(filters, MOST):
        raise TooMuchToExport(f"more than {MOST}")
    return filters


def _log(
    request: SeatedRequest, form: str, asked: Mapping[str, str], subject: str = ""
) -> None:
    look_at_log(
        actor=request.actor,
        now=timezone.now(),
        at={**asked, "form": form},
        subject=subject,
        event="log.exported",
    )


def _file(name: str, form: Form, content: Iterator[bytes]) -> HttpResponseBase:
    as_attachment = True
    disposition = content_disposition_header(as_attachment, f"{name}.{form.ending}")
    return StreamingHttpResponse(
        content,
        content_type=form.media_type,
        headers={"Content-Disposition": disposition or "attachment"},
    )


def _refused(request: SeatedRequest, error: DomainError) -> HttpResponseBase:
    return answer(request, "auditor/export.html", {"here": "log"}, tell(error))
