"""Make a synthetic city: companies, and the records that departments hold for them."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from services.common.errors import DomainError
from services.departments.city.build import CityReport, build_city


class Command(BaseCommand):
    """Seed the city once; the same seed and date give the same bytes."""

    help = "seed_city --companies N --seed S [--as-of DATE]"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--companies", type=_positive, required=True)
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument(
            "--as-of", type=_day, help="the city's day, today if not given"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        console = Console(file=cast("IO[str]", self.stdout))
        as_of = options["as_of"] or timezone.localdate()
        try:
            report = _build(options["companies"], options["seed"], as_of, console)
        except DomainError as refused:
            raise CommandError(
                _("登记簿中已有另一座城市（%(what)s），请先清空两个数据库。")
                % {"what": refused}
                if refused.code == "city_already_seeded"
                else str(refused)
            ) from refused
        console.print(_told(report), highlight=False, soft_wrap=True)


def _build(companies: int, seed: int, as_of: date, console: Console) -> CityReport:
    progress = Progress(
        TextColumn(_("生成仿真企业")),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with progress:
        bar = progress.add_task("", total=companies)
        return build_city(
            companies=companies,
            seed=seed,
            as_of=as_of,
            tick=lambda done: progress.update(bar, completed=done),
        )


def _told(report: CityReport) -> str:
    counted = {
        "companies": report.companies,
        "records": report.records,
        "items": len(report.made_for),
        "defects": sum(report.defects.values()),
    }
    if report.already:
        return _("这座城市已经建好：%(companies)d 家企业，未作改动。") % counted
    return (
        _(
            "%(companies)d 家仿真企业，%(records)d 条部门记录，"
            "其中 %(defects)d 处有瑕疵；%(items)d 个事项各有一家具备条件的企业。"
        )
        % counted
    )


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _day(text: str) -> date:
    return date.fromisoformat(text)
