"""Write log entries as CSV, XLSX or OCEL 2.0 JSON, however many they are."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from services.common.errors import InvalidInput
from services.ledger.explore import Filters, all_found
from services.web.auditor.exports.views import WRITERS
from services.web.auditor.filters import read_filters
from services.web.management.exporting import add_exporter, note_export


class Command(BaseCommand):
    """Do what the explorer's exports do, without their bound."""

    help = "Write log entries to FILE.csv, FILE.xlsx or FILE.ocel.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        for name in Filters._fields:
            parser.add_argument(f"--{name}", default="", help="as in the explorer")
        add_exporter(parser)

    def handle(
        self, *_args: object, file: Path, by: str | None, **options: str
    ) -> None:
        endings = [ending for ending in WRITERS if file.name.endswith(f".{ending}")]
        if not endings:
            wanted = ", ".join(f".{ending}" for ending in WRITERS)
            raise CommandError(f"{file}: the name must end with one of {wanted}")
        with translation.override("en"):
            asked = read_filters({name: options[name] for name in Filters._fields})
            try:
                filters = asked.check()
            except InvalidInput as error:
                raise CommandError(str(error)) from None
        note = {**asked.noted(), "form": endings[0]}
        note_export(by=by, at=note, subject=asked.subject)
        _, write = WRITERS[endings[0]]
        part = file.with_name(f"{file.name}.part")
        try:
            with part.open("wb") as out:
                out.writelines(write(all_found(filters)))
            os.replace(part, file)  # noqa: PTH105  atomic, and says so
        except OSError as problem:
            raise CommandError(f"{file}: {problem}") from None
        self.stdout.write(f"{file}: {file.stat().st_size} bytes")
