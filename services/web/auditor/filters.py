"""What an auditor typed into the explorer's filters, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from services.cases.models import Case
from services.cases.queries.footprint import company_of
from services.common.errors import InvalidInput, Problem
from services.ledger.entry import MAX_LENGTHS
from services.ledger.events import EVENT_TYPES
from services.ledger.explore import Filters, pseudonyms_of
from services.registry.messages import explain
from services.registry.uscc import UsccProblem, parse

LONGEST = 200  # characters
ONE_DAY = timedelta(days=1)


class Asked(NamedTuple):
    """The filters as they were typed, what they mean, and what is wrong with them."""

    typed: dict[str, str]
    filters: Filters
    problems: tuple[Problem, ...]

    @property
    def subject(self) -> str:
        """Return whom the filters look for, as the log names it: also by its case."""
        licence, case = self.filters.licence, self.filters.case
        return f"entity:{licence}" if licence else company_of(case) if case else ""

    def noted(self) -> dict[str, str]:
        """
        Return what the log keeps of the filters, without whom it could not forget.

        The company is the entry's subject, a person stands under the pseudonym.
        """
        noted = {**self.typed, "licence": ""}
        if self.filters.licence:
            noted["by"] = "entity"
        if self.filters.actor:
            known = pseudonyms_of(f"human:{self.filters.actor}")
            noted["actor"] = known[0] if known else self.filters.actor
        return noted

    def check(self) -> Filters:
        """
        Return what the filters mean.

        :raises InvalidInput: naming each filter that means nothing.
        """
        if self.problems:
            raise InvalidInput(self.problems)
        return self.filters


def read_filters(query: Mapping[str, str]) -> Asked:
    """Read the filters of an address; what cannot be read is a problem, not a hit."""
    typed = {name: query.get(name, "").strip() for name in Filters._fields}
    problems: list[Problem] = []
    meant: dict[str, Any] = {}
    for name, text in typed.items():
        try:
            if text:
                meant[name] = READERS.get(name, _text)(text)
        except ValueError as problem:
            problems.append(Problem("filter_unreadable", str(problem), f"/{name}"))
    filters = Filters(**meant)
    if filters.since and filters.until and filters.since >= filters.until:
        backwards = _("开始时间应早于结束时间。")
        problems.append(Problem("filter_unreadable", backwards, "/since"))
    return Asked(typed, filters, tuple(problems))


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(_("筛选条件最多 %(n)d 个字。") % {"n": LONGEST})
    return text


def _short(text: str) -> str:
    longest = MAX_LENGTHS["code"]
    if len(text) > longest:
        raise ValueError(_("代码和编号最多 %(n)d 个字符。") % {"n": longest})
    return text


def _since(text: str) -> datetime:
    return _instant(text)[0]


def _until(text: str) -> datetime:
    return _instant(text)[1]


def _instant(text: str) -> tuple[datetime, datetime]:
    """Return an instant twice, or where a day begins and ends in Shanghai; in UTC."""
    try:
        at, day = parse_datetime(text), parse_date(text)
        if day:
            midnight = _aware(datetime.combine(day, time.min))
            return midnight, midnight + ONE_DAY
        if at:
            return _aware(at), _aware(at)
    except (ValueError, OverflowError):
        pass
    raise ValueError(
        _("“%(text)s”不是时间，请写成 2026-11-22 或 2026-11-22T10:41。")
        % {"text": text[:LONGEST]}
    )


def _aware(at: datetime) -> datetime:
    aware = at if timezone.is_aware(at) else timezone.make_aware(at)
    return aware.astimezone(UTC)


def _type(text: str) -> str:
    if text not in EVENT_TYPES:
        raise ValueError(_("没有“%(text)s”这种日志类型。") % {"text": text[:LONGEST]})
    return text


def _licence(text: str) -> str:
    try:
        return parse(text).text
    except UsccProblem as problem:
        raise ValueError(explain(problem)) from problem


def _case(text: str) -> str:
    """Return the reference under which a case is logged; its number is accepted too."""
    found = Case.objects.filter(number=text).values_list("reference", flat=True)
    return found.first() or _short(text)


READERS: Mapping[str, Callable[[str], object]] = {
    "since": _since,
    "until": _until,
    "type": _type,
    "case": _case,
    "licence": _licence,
    "office": _short,
    "outcome": _short,
    "code": _short,
}
