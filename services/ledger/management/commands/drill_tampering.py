"""Show on a copy of the log which tampering is caught, and which is not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from services.common.errors import DomainError
from services.ledger.drill.copying import copied_log
from services.ledger.drill.run import Outcome, drill


class Command(BaseCommand):
    """Tamper with a copy in every way; exit 1 if a promised catch is missed."""

    help = "Tamper with a copy of the log in every way, and say what is caught."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--positions", type=int, default=5, help="random places for each kind"
        )
        parser.add_argument(
            "--entries", type=int, default=1_000, help="how many the copy may have"
        )
        parser.add_argument("--seed", type=int, default=1)

    def handle(
        self,
        *_args: object,
        positions: int,
        entries: int,
        seed: int,
        **_options: object,
    ) -> None:
        broken = False
        try:
            with copied_log(most=entries) as copy:
                self.stdout.write(_("日志副本，前 %(n)d 条") % {"n": copy.size})
                for outcome in drill(copy, positions=positions, seed=seed):
                    self._say(outcome)
                    broken |= not outcome.holds
        except DomainError as problem:
            raise CommandError(str(problem)) from None
        if broken:
            sys.exit(1)

    def _say(self, outcome: Outcome) -> None:
        self.stdout.write(f"{_verdict(outcome)}  {outcome.kind.words}")
        if outcome.example or outcome.why_not:
            self.stdout.write(f"    {outcome.why_not or outcome.example}")
        for missed in outcome.missed if outcome.kind.promised else ():
            self.stderr.write(f"    {missed}")


def _verdict(outcome: Outcome) -> str:
    counts = {"caught": outcome.caught, "tried": outcome.tried}
    if outcome.why_not:
        return _("未能演练")
    if outcome.kind.promised:
        return _("发现 %(caught)d/%(tried)d") % counts
    return _("如所说明，发现 %(caught)d/%(tried)d") % counts
