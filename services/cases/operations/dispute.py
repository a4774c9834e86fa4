"""“I do hold it”: number and issuer in, never the paper (数据异议)."""

from __future__ import annotations

from datetime import datetime

from services.cases.models import Case
from services.cases.transitions import check_belongs
from services.common.actors import Actor
from services.common.errors import DomainError
from services.departments.gateways.contract import NOT_FOUND
from services.exchange.models import AssistRequest, Exchange
from services.exchange.operations.dispute import open_dispute


class NothingAskedAbout(DomainError):
    """No department was asked about this material in this case."""

    code = "nothing_asked_about"


def dispute_record(
    *,
    case: Case,
    material: str,
    number: str,
    issuer: str,
    actor: Actor,
    now: datetime,
    subject: str = "",
) -> AssistRequest:
    """
    Have the holder check a number that the company says it holds.

    :param subject: whose record it is, where several people or things were asked
        about ("kind:key"); else the first that was not found.
    :raises NothingAskedAbout: if no department answered "not found" for the material.
    :raises NumberAndIssuerNeeded: if either is blank.
    """
    check_belongs(actor, office=case.office_id or "", entity=case.entity.uscc)
    not_found = Exchange.objects.filter(
        case=case.reference, material=material, outcome=NOT_FOUND
    ).exclude(state=Exchange.State.CANCELLED)
    if subject:
        not_found = not_found.filter(subject=subject)
    exchange = not_found.order_by("pk").first()
    if exchange is None:
        raise NothingAskedAbout(material)
    return open_dispute(
        exchange=exchange, number=number, issuer=issuer, actor=actor, now=now
    )
