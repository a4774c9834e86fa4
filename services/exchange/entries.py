"""How an exchange stands in the verification log."""

from __future__ import annotations

from collections.abc import Mapping

from services.common.actors import SYSTEM, Actor
from services.exchange.models import Exchange
from services.ledger.entry import Entry


def exchange_entry(
    event: str,
    exchange: Exchange,
    *,
    actor: Actor = SYSTEM,
    outcome: str = "",
    code: str = "",
    details: Mapping[str, object] | None = None,
) -> Entry:
    """Return an entry about an exchange, with its purpose and legal basis."""
    return Entry(
        type=event,
        office=exchange.department,
        actor=actor,
        case=exchange.case,
        exchange=exchange.public_id,
        subject=exchange.subject,
        purpose=exchange.purpose,
        basis=exchange.basis,
        outcome=outcome,
        code=code,
        details={"material": exchange.material, **(details or {})},
    )
