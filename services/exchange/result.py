"""One exchange of ours with its answer and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from services.departments.gateways.contract import Answer
from services.exchange.models import Exchange
from services.exchange.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one question, before it is written."""

    exchange: Exchange
    answer: Answer
    verdict: Verdict
    evidence: int | None = None  # where its records were kept

    @property
    def is_news(self) -> bool:
        """Whether whoever asked has to know: answered, or handed to a person."""
        return self.verdict.state != self.exchange.state
