"""What departments hold: a good record of the asking company by default."""

from __future__ import annotations

from datetime import date

import factory
from factory.django import DjangoModelFactory

from services.departments.models import Profile, Record

COMPANY = "91330106FAKE00021X"
OTHER_COMPANY = "91330102FAKE000139"


class RecordFactory(DjangoModelFactory[Record]):
    class Meta:
        model = Record

    class Params:
        expired = factory.Trait(valid_until=date(2020, 1, 1))
        revoked = factory.Trait(status=Record.Status.REVOKED)
        of_somebody_else = factory.Trait(
            entity=OTHER_COMPANY, holder_name="杭州别家有限公司"
        )

    department = "scjg"
    material = "M004"
    number = factory.Sequence(lambda n: f"JY{n:06d}")
    subject_kind = "entity"
    subject_key = COMPANY
    entity = COMPANY
    holder_name = "杭州示例餐饮有限公司"
    attributes = factory.LazyFunction(lambda: {"scope": "热食类食品制售"})
    issued_on = date(2024, 3, 1)
    valid_until = date(2029, 2, 28)


class ProfileFactory(DjangoModelFactory[Profile]):
    class Meta:
        model = Profile
        django_get_or_create = ("department",)

    department = "scjg"
    latency_ms = 0
