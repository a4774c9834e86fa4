"""File one case by licence number and follow it until it is decided or waits."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console

from services.cases.applying import (
    Given,
    applicant_of,
    bring_and_file,
    drop_unknown,
    fill_in,
)
from services.cases.models import Case
from services.cases.operations.draft import open_draft
from services.cases.operations.filing import FilingStopped
from services.cases.telling import say_unknown_item
from services.cases.terminal.follow import Follower, departments_answered, nothing_moves
from services.cases.terminal.view import as_json
from services.catalogue.queries import ItemUnknown, current_version
from services.common.errors import DomainError, InvalidInput
from services.departments.eligible import eligible_entity
from services.ledger.queries import integrity
from services.registry.queries import find_entity

NOT_ACCEPTED, BAD_INPUT = 2, 3
USAGE = "apply USCC ITEM | apply --any-eligible ITEM"
ASK_S = 3.0  # what has not arrived after three seconds is asked as a question


class Command(BaseCommand):
    """Apply for an item with nothing but a licence number."""

    help = f"file one case and follow it: {USAGE}"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "words",
            nargs="+",
            metavar="USCC ITEM",
            help="licence number, and the item's code, number or name",
        )
        parser.add_argument(
            "--any-eligible",
            action="store_true",
            help="take a company of the city that holds all the item verifies",
        )
        for name, value, about in (
            ("--answer", "q=option", "answer a question; others get their default"),
            ("--field", "name=value", "fill a field; others get demo values"),
            ("--material", "CODE=file", "bring a paper; others are demo papers"),
        ):
            parser.add_argument(
                name, action="append", default=[], metavar=value, help=about
            )
        parser.add_argument("--key", default="", help="idempotency key")
        parser.add_argument("--json", action="store_true", help="print one object")
        parser.add_argument(
            "--at-most",
            type=float,
            default=90.0,
            metavar="SECONDS",
            help="how long to follow the case (default: %(default)s)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        console = Console(stderr=options["json"], quiet=options["json"])
        show = Follower(console)
        try:
            case = self._apply(options, show)
        except FilingStopped as stopped:
            _leave(_("不予受理：%(reason)s") % {"reason": stopped}, NOT_ACCEPTED)
        except InvalidInput as invalid:
            lines = [
                f"{problem.pointer} {problem.message}" for problem in invalid.problems
            ]
            _leave("\n".join(lines), BAD_INPUT)
        except ItemUnknown as unknown:
            _leave(say_unknown_item(unknown), BAD_INPUT)
        except DomainError as refused:
            _leave(f"{refused} ({refused.code})", BAD_INPUT)
        told = show.follow(case, until=nothing_moves, at_most_s=options["at_most"])
        if options["json"]:
            log = integrity()
            described = {"size": log.size, "root": log.root}
            self.stdout.write(json.dumps(as_json(told, described), ensure_ascii=False))
        if not nothing_moves(told):
            _leave(_("时限内没有进展：后台工作进程是否在运行？"), 1)

    def _apply(self, options: dict[str, Any], show: Follower) -> Case:
        *licence, item = options["words"]
        if len(licence) != (not options["any_eligible"]):
            _leave(_("请写执照号码和事项：%(usage)s") % {"usage": USAGE}, BAD_INPUT)
        version = current_version(item)
        if options["any_eligible"]:
            entity = eligible_entity(version)
        else:
            entity = find_entity(licence[0])
        given = Given(
            answers=_answers(options["answer"]),
            fields=dict(_pair(text) for text in options["field"]),
            papers=_papers(options["material"]),
            key=options["key"],
        )
        actor = applicant_of(entity)
        case = open_draft(
            entity=entity,
            item_version=version,
            actor=actor,
            now=timezone.now(),
            channel="cli",
        )
        show.follow(case, until=departments_answered, at_most_s=ASK_S)
        fill_in(case=case, given=given, actor=actor, now=timezone.now())
        show.follow(case, until=departments_answered, at_most_s=ASK_S)
        try:
            return bring_and_file(
                case=case, given=given, actor=actor, now=timezone.now()
            )
        except InvalidInput as invalid:
            drop_unknown(case, invalid.problems)
            raise


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        _leave(_("“%(text)s”应写成 名称=值") % {"text": text}, BAD_INPUT)
    return name, value


def _answers(texts: list[str]) -> dict[str, list[str]]:
    answers: dict[str, list[str]] = {}
    for name, value in map(_pair, texts):
        answers.setdefault(name, []).extend(value.split(","))
    return answers


def _papers(texts: list[str]) -> dict[str, tuple[str, bytes]]:
    papers = {}
    for code, name in map(_pair, texts):
        path = Path(name)
        if not path.is_file():
            _leave(_("找不到文件 %(name)s") % {"name": name}, BAD_INPUT)
        papers[code] = (path.name, path.read_bytes())
    return papers


def _leave(text: str, code: int) -> NoReturn:
    sys.stderr.write(text + "\n")
    sys.exit(code)
