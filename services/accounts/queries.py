"""Who may act: officers on duty, the roles of a person, the person as an actor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from services.accounts.models import Mandate, Membership, User
from services.common.actors import Actor
from services.registry.models import Entity

APPLICANT = "applicant"

Post = tuple[str, str]  # office code ("" = the hall), role


class Standing(NamedTuple):
    """One way in which a person may act: staff in an office, or for an entity."""

    role: str
    office: str = ""
    office_name: str = ""
    entity: str = ""


def duty_officers(posts: Iterable[Post]) -> dict[Post, User]:
    """
    Return who is on duty for each post, in one query.

    A district office without such an officer is covered by the municipal office of
    its department; a post that nobody covers is left out.
    """
    wanted = set(posts)
    if not wanted:
        return {}
    codes = {code for code, _ in wanted} | {_municipal(code) for code, _ in wanted}
    places = Q(office_id__in=codes - {""})
    if "" in codes:
        places |= Q(office__isnull=True)
    held: dict[Post, User] = {}
    for row in (
        Membership.objects.filter(
            places, role__in={role for _, role in wanted}, user__is_active=True
        )
        .select_related("user")
        .order_by("user__username")
    ):
        held.setdefault((row.office_id or "", row.role), row.user)
    found: dict[Post, User] = {}
    for code, role in wanted:
        officer = held.get((code, role)) or held.get((_municipal(code), role))
        if officer:
            found[code, role] = officer
    return found


def duty_officer(office: str, role: str) -> User | None:
    """Return the officer on duty for one post, or None."""
    return duty_officers([(office, role)]).get((office, role))


def standings(user: User) -> list[Standing]:
    """Return every way in which a person may act, staff roles first."""
    rows = Membership.objects.filter(user=user).select_related("office")
    staff = [
        Standing(row.role, row.office_id or "", row.office.name if row.office else "")
        for row in rows.order_by("pk")
    ]
    mandates = Mandate.objects.filter(user=user).order_by("pk")
    entities = mandates.values_list("entity__uscc", flat=True)
    return staff + [Standing(APPLICANT, entity=uscc) for uscc in entities]


def actor_of(user: User, *, role: str, office: str = "", entity: str = "") -> Actor:
    """Return a person in a role, as operations and the log are told."""
    return Actor(
        kind="human",
        id=user.username,
        role=role,
        name=str(user),
        office=office,
        entity=entity,
    )


def holds(user: User, standing: Standing) -> bool:
    """Return whether the person may still act in this way."""
    return User.objects.filter(_held(standing), pk=user.pk).exists()


def acting(user_pk: int, standing: Standing) -> Actor | None:
    """Return a person in a role that is still held, or None; one query."""
    people = User.objects.filter(_held(standing), pk=user_pk, is_active=True)
    user = people.only("username", "display_name").first()
    role, office, _name, entity = standing
    return actor_of(user, role=role, office=office, entity=entity) if user else None


def entity_of(uscc: str) -> Entity:
    """Return the entity that a signed-in applicant acts for."""
    return Entity.objects.get(uscc=uscc)


def _held(standing: Standing) -> Q:
    if standing.role == APPLICANT:
        return Q(mandates__entity__uscc=standing.entity)
    office = Q(memberships__office=standing.office)
    hall = Q(memberships__office__isnull=True)
    return Q(memberships__role=standing.role) & (office if standing.office else hall)


def _municipal(office: str) -> str:
    """Return the code of the city's office: `scjg` for `scjg-330106`."""
    department, _, district = office.rpartition("-")
    return department if department and district.isdigit() else office
