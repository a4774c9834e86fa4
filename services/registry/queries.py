"""Questions to the business register."""

from __future__ import annotations

from decimal import Decimal

from services.common.errors import DomainError
from services.registry.messages import explain, say_unable, say_unknown
from services.registry.models import Entity
from services.registry.uscc import UsccProblem, parse


class LicenceNumberInvalid(DomainError):
    """The text is no licence number; `code` names the check that failed."""

    def __init__(self, problem: UsccProblem) -> None:
        super().__init__(explain(problem))
        self.code = problem.code
        self.params = problem.params


class EntityUnknown(DomainError):
    """A licence number that nobody in this register has."""

    code = "entity_unknown"


class EntityUnable(DomainError):
    """The state of the company does not allow an application."""

    code = "entity_unable"


class EntityRevoked(EntityUnable):
    code = "entity_revoked"


class EntityDeregistered(EntityUnable):
    code = "entity_deregistered"


class EntityMovedAway(EntityUnable):
    code = "entity_moved_away"


UNABLE: dict[str, type[EntityUnable]] = {
    Entity.Status.REVOKED: EntityRevoked,
    Entity.Status.DEREGISTERED: EntityDeregistered,
    Entity.Status.MOVED_AWAY: EntityMovedAway,
}


def find_entity(text: str) -> Entity:
    """
    Return the company whose licence number was typed, in whatever spelling.

    :raises LicenceNumberInvalid: naming the check that failed.
    :raises EntityUnknown: if the number is right but not in the register.
    """
    try:
        uscc = parse(text).text
    except UsccProblem as problem:
        raise LicenceNumberInvalid(problem) from problem
    entity = Entity.objects.filter(uscc=uscc).first()
    if entity is None:
        raise EntityUnknown(say_unknown(uscc))
    return entity


def refuse_unable(entity: Entity) -> None:
    """
    Stop a company that no longer exists here; suspended and abnormal ones may file.

    :raises EntityRevoked: after its licence was revoked.
    :raises EntityDeregistered: after it was struck off.
    :raises EntityMovedAway: after it moved to another city's register.
    """
    refusal = UNABLE.get(entity.status)
    if refusal:
        raise refusal(say_unable(entity.status))


def registry_facts(entity: Entity) -> dict[str, str]:
    """Return what the register says of a company, as planning and forms read it."""
    return {
        "uscc": entity.uscc,
        "legal_name": entity.legal_name,
        "entity_type": entity.type_name,
        "legal_representative": entity.legal_representative,
        "legal_rep_id": entity.representative_id,
        "registered_address": entity.registered_address,
        "place_of_business": entity.place_of_business,
        "place_district": entity.district,
        "district": entity.district_name,
        "business_scope": entity.business_scope,
        "industry": entity.industry,
        "registered_capital": _amount(entity.registered_capital),
        "established_on": entity.established_on.isoformat(),
        "phone": entity.phone,
    }


def _amount(value: Decimal | None) -> str:
    """Return an amount without idle zeros: 500.00 reads 500."""
    return "" if value is None else f"{Decimal(value).normalize():f}"
