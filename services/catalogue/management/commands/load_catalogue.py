"""Load the catalogue's files, or only check them."""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from services.catalogue.lint import CatalogueRefused, Finding, inspect_catalogue
from services.catalogue.operations.load import load_catalogue

EXAMPLES = 3  # of each kind of advice, unless all are asked for


class Command(BaseCommand):
    help = "Load fixtures/catalogue (idempotent), or with --check only lint it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="lint, load nothing")
        parser.add_argument(
            "--from",
            dest="directory",
            type=Path,
            default=settings.CATALOGUE_DIR,
            help="folder with the CSV files (default: %(default)s)",
        )

    def handle(self, *args: object, **options: Any) -> None:
        if options["check"]:
            self._check(options["directory"], everything=options["verbosity"] > 1)
        else:
            self._load(options["directory"])

    def _check(self, directory: Path, *, everything: bool) -> None:
        inspection = inspect_catalogue(directory)
        findings = inspection.findings
        shown = findings if everything else _shortened(findings)
        self._list(shown)
        problems = len(inspection.problems)
        advice = len(inspection.findings) - problems
        self.stdout.write(
            _("%(problems)d 个问题，%(advice)d 条建议")
            % {"problems": problems, "advice": advice}
        )
        if len(shown) < len(findings):
            self.stdout.write(_("每类建议只列前几条，加 -v 2 全部列出"))
        if not inspection.complete:
            self.stdout.write(_("修正以上问题后再检查其余规则"))
        if problems:
            raise SystemExit(1)

    def _load(self, directory: Path) -> None:
        try:
            report = load_catalogue(directory=directory, now=timezone.now())
        except CatalogueRefused as refused:
            self._list(refused.findings)
            self.stderr.write(
                _("目录有 %(problems)d 个问题，未作任何更改")
                % {"problems": len(refused.findings)}
            )
            raise SystemExit(1) from None
        if not report.changed:
            self.stdout.write(_("目录无变化（%(items)d 个事项）") % report._asdict())
            return
        self.stdout.write(
            _("已载入 %(items)d 个事项：新版本 %(new_versions)d，停办 %(withdrawn)d")
            % report._asdict()
        )

    def _list(self, findings: list[Finding]) -> None:
        for found in findings:
            style = self.style.ERROR if found.level == "problem" else str
            self.stdout.write(style(f"{found.level} {found}"))


def _shortened(findings: Iterable[Finding]) -> list[Finding]:
    """Keep every problem, and of each kind of advice the first few."""
    seen: Counter[str] = Counter()
    kept = []
    for found in findings:
        seen[found.rule.code] += found.level != "problem"
        if found.level == "problem" or seen[found.rule.code] <= EXAMPLES:
            kept.append(found)
    return kept
