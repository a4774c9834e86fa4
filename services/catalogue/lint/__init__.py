"""The linter of the catalogue: one module per family of rules."""

from services.catalogue.lint.finding import ADVICE, PROBLEM, Finding, Rule
from services.catalogue.lint.inspect import (
    CatalogueRefused,
    Inspection,
    inspect_catalogue,
    refuse_problems,
)

__all__ = [
    "ADVICE",
    "PROBLEM",
    "CatalogueRefused",
    "Finding",
    "Inspection",
    "Rule",
    "inspect_catalogue",
    "refuse_problems",
]
