"""A witness as a process: it cosigns checkpoints that continue what it has seen."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from services.common.errors import DomainError
from services.ledger.note import parse_key
from services.ledger.signing import verifier_key
from services.ledger.witnessing.run import Post, add_arguments, serve


class Command(BaseCommand):
    """Serve C2SP tlog-witness. None of the project's databases is used."""

    help = "Witness logs (default: this one) until SIGTERM or Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(
        self,
        *_args: object,
        folder: Path,
        name: str,
        host: str,
        port: int,
        log: list[str],
        **_options: object,
    ) -> None:
        try:
            logs = [parse_key(text) for text in log] or [verifier_key()]
            serve(Post(folder, name, logs), (host, port), say=self._say)
        except (DomainError, OSError, ValueError) as wrong:
            raise CommandError(f"the witness cannot serve: {wrong}") from wrong

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
