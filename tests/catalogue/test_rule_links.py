"""Whatever a rule or the credit check reads can be asked of a department."""

from __future__ import annotations

from services.cases.planning.index import index_of
from tests.cases.planning.real import definitions


def test_every_material_that_a_rule_reads_has_somebody_to_ask() -> None:
    for definition in definitions().values():
        for material in index_of(definition).rule_materials:
            assert definition.links[material].holder, (definition.code, material)


def test_reading_a_material_makes_it_no_requirement() -> None:
    links = [
        (definition, link)
        for definition in definitions().values()
        for link in definition.links.values()
        if link.source == "rule"
    ]

    assert len(links) == 49
    assert all(link.material not in of.materials for of, link in links)
    assert not any(link.key or link.commit_ok or link.deferrable for _, link in links)
