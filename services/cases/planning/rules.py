"""How register and evidence answer a question (SITUATIONS.md §4). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.cases.planning.compare import compare
from services.cases.planning.conditions import (
    BRANCH_DISTRICT,
    CompiledRule,
    Condition,
    Operand,
)
from services.cases.planning.evidence import Evidence, Record
from services.cases.planning.index import Index
from services.common.subjects import fold_address

DECIDES = "decides"
SUGGESTS = "suggests"
SILENT = ""
DISTRICT = "district"
IN_CITY = "in_city"  # registry fact "yes" or "no"; else the form's districts tell


@dataclass(frozen=True, slots=True)
class Facts:
    """All that rules may look at."""

    index: Index
    registry: Mapping[str, str]
    fields: Mapping[str, str]  # what the form holds, prefilled or stated
    evidence: Evidence
    today: date


def judge(rule: CompiledRule, facts: Facts) -> str:
    """
    Return what a rule says: DECIDES, SUGGESTS or SILENT.

    Only a record that was FOUND and fulfils every condition decides, and only if all
    such records agree; where some do, the rule suggests. That a department is sure to
    hold nothing suggests at most, and an unanswered question says nothing.
    """
    if rule.operator == "not_found":
        return SUGGESTS if facts.evidence.absent(rule.source.name) else SILENT
    if rule.source.kind != "evidence":
        text = facts.registry.get(rule.source.name, "")
        holds = [_holds(rule, text, facts)]
    else:
        records = _candidates(rule, facts)
        found = rule.operator == "found"
        holds = [
            found or _holds(rule, record.get(rule.source.attribute, ""), facts)
            for record in records
        ]
    if not any(holds):
        return SILENT
    return DECIDES if rule.decides and all(holds) else SUGGESTS


def _candidates(rule: CompiledRule, facts: Facts) -> list[Record]:
    """Return the records that the rule is about: those fulfilling its conditions."""
    records = facts.evidence.records(rule.source.name)
    if not rule.conditions:
        return records
    return [r for r in records if _fulfils(rule, r, facts)]


def _fulfils(rule: CompiledRule, record: Record, facts: Facts) -> bool:
    return all(
        _condition_holds(condition, record, facts)
        if condition.material == rule.source.name
        else any(
            _condition_holds(condition, other, facts)
            for other in facts.evidence.records(condition.material)
        )
        for condition in rule.conditions
    )


def _condition_holds(condition: Condition, record: Record, facts: Facts) -> bool:
    text = record.get(condition.attribute, "")
    return any(
        compare(condition.operator, text, value, facts.today)
        for value in _values(condition.operand, facts)
    )


def _holds(rule: CompiledRule, text: str, facts: Facts) -> bool:
    if not text:
        return False
    if rule.operator in {"in", "not_in"} and rule.source.name == DISTRICT:
        return _in_district(rule, text, facts) is (rule.operator == "in")
    values = [v for operand in rule.values for v in _values(operand, facts) if v]
    if not values:
        return False
    tests = (compare(rule.operator, text, value, facts.today) for value in values)
    return all(tests) if rule.operator in {"not_in", "differs"} else any(tests)


def _in_district(rule: CompiledRule, district: str, facts: Facts) -> bool:
    """Return whether a district is among those named; the city's name means all."""
    own = _districts(facts)
    for operand in rule.values:
        if operand.name == district:
            return True
        if operand.name not in own and _in_city(district, own, facts):
            return True
    return False


def _in_city(district: str, own: Sequence[str], facts: Facts) -> bool:
    stated = facts.registry.get(IN_CITY)
    return stated == "yes" if stated else district in own


def _districts(facts: Facts) -> Sequence[str]:
    field = facts.index.fields.get(DISTRICT)
    return field.choices if field else ()


def _values(operand: Operand, facts: Facts) -> list[str]:
    """Return the texts that an operand stands for; several records, several texts."""
    if operand.kind == "literal":
        return [operand.name]
    if operand.kind == "today":
        return [facts.today.isoformat()]
    if operand.kind == "evidence":
        records = facts.evidence.records(operand.name)
        return [record.get(operand.attribute, "") for record in records]
    if operand.kind == BRANCH_DISTRICT:
        return [_place_district(facts)]
    source = facts.fields if operand.kind == "field" else facts.registry
    return [source.get(operand.name, "")]


def _place_district(facts: Facts) -> str:
    """Return the district of the place applied for, or nothing."""
    for code in facts.index.places:
        address = fold_address(facts.fields.get(code, ""))
        for district in _districts(facts):
            if district in address:
                return district
    return ""
