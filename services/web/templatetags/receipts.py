"""Which papers a case has, beside it."""

from __future__ import annotations

from typing import Any

from django import template

from services.cases.receipts import receipt_number
from services.web.case_page import CasePage
from services.web.receipts.papers import papers_of

register = template.Library()


@register.inclusion_tag("receipts/parts/panel.html")
def papers(page: CasePage) -> dict[str, Any]:
    """Show the papers of a case and the way to check its receipt."""
    number = page.case.number
    return {
        "case": page.case,
        "papers": list(papers_of(page)),
        "receipt": receipt_number(number) if number else "",
    }
