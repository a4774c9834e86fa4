"""A lawful company by default, traits for the states that differ."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from services.registry.city.provider import PEOPLE_EACH, resident_id
from services.registry.models import Entity
from services.registry.uscc import generate


class EntityFactory(DjangoModelFactory[Entity]):
    """An active company of 1,000 万元 in 西湖区 that no registry rule turns away."""

    class Meta:
        model = Entity

    class Params:
        sole_trader = factory.Trait(
            type=Entity.Type.SOLE_TRADER,
            type_name="个体工商户",
            category="2",
            registered_capital=None,
        )
        cooperative = factory.Trait(
            type=Entity.Type.COOPERATIVE, type_name="农民专业合作社", category="3"
        )
        foreign = factory.Trait(type_name="有限责任公司（外商投资、非独资）")
        suspended = factory.Trait(status=Entity.Status.SUSPENDED)
        abnormal = factory.Trait(status=Entity.Status.ABNORMAL)
        revoked = factory.Trait(status=Entity.Status.REVOKED)
        deregistered = factory.Trait(status=Entity.Status.DEREGISTERED)
        moved_away = factory.Trait(status=Entity.Status.MOVED_AWAY)
        category = "1"
        serial = factory.Sequence(lambda n: n + 1)

    uscc = factory.LazyAttribute(
        lambda o: generate(
            authority="9",
            category=o.category,
            division=o.registered_district,
            body=f"FAKT{o.serial:04d}",
        )
    )
    legal_name = factory.LazyAttribute(lambda o: f"杭州试样{o.serial}号餐饮有限公司")
    type = Entity.Type.COMPANY
    type_name = "有限责任公司（自然人投资或控股）"
    status = Entity.Status.ACTIVE
    registered_district = "330106"
    district = "330106"
    district_name = "西湖区"
    legal_representative = "林示例"
    representative_id = factory.LazyAttribute(
        lambda o: resident_id(city="330100", index=o.serial * PEOPLE_EACH + 3)
    )
    registered_address = factory.LazyAttribute(
        lambda o: f"浙江省杭州市西湖区文三路{o.serial}号1幢101室"
    )
    place_of_business = factory.SelfAttribute("registered_address")
    business_scope = "餐饮服务；食品销售"
    industry = "H"
    registered_capital = Decimal(1000)
    established_on = date(2018, 5, 16)
    phone = factory.LazyAttribute(lambda o: f"100{o.serial:08d}")
