"""Check that every sentence shown to people exists in English, and is compiled."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from services.web import translations


class Command(BaseCommand):
    help = "Check that every sentence has its English; --write adds what is missing."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="add and compile")

    def handle(self, *_args: Any, **options: Any) -> None:
        services = settings.BASE_DIR / "services"
        file = services / "web/locale/en/LC_MESSAGES/django.po"
        messages = translations.collect(services)
        if options["write"]:
            translations.write(messages, file)
        lines = translations.problems(messages, file)
        for line in lines:
            self.stderr.write(line)
        if lines:
            raise CommandError(f"{len(lines)} problems with translations")
        self.stdout.write(f"{len(messages)} sentences, all in English too")
