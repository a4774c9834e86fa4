"""The grammar of auto_rules.csv, compiled (SITUATIONS.md §4). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from services.catalogue.definition import Rule

CONDITION = re.compile(r"^(\w+)\.(\w+)\s*(==|~|>=|<=)\s*(.+)$")
REFERENCE = re.compile(r"^([A-Z]{1,3}\d{2,6})(?:\.([a-z_]\w*))?$")
LISTS = {"in", "not_in"}
BRANCH_DISTRICT = "branch_district"


class RuleUnreadable(ValueError):
    """A derivation rule that does not follow the grammar."""


class Operand(NamedTuple):
    """Where a value comes from."""

    kind: str  # registry, field, evidence, today, branch_district, literal
    name: str  # of the fact or field, material, or the literal itself
    attribute: str = ""  # of evidence; "" = the record as such


class Condition(NamedTuple):
    """A test on the record that was found."""

    material: str
    attribute: str
    operator: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """One way in which register or evidence answers a question."""

    option: str
    origin: str  # as shown to people: registry or the material
    source: Operand
    operator: str
    values: tuple[Operand, ...]
    decides: bool
    conditions: tuple[Condition, ...]

    @property
    def materials(self) -> tuple[str, ...]:
        """Return the materials that must be known."""
        operands = (self.source, *self.values)
        named = [o.name for o in operands if o.kind == "evidence"]
        return tuple(dict.fromkeys(named + [c.material for c in self.conditions]))


def compile_rule(rule: Rule) -> CompiledRule:
    """
    Return a rule in the form that is evaluated.

    :raises RuleUnreadable: if a condition does not follow the grammar.
    """
    source = _operand(rule.source)
    parts = rule.value.split(",") if rule.operator in LISTS else [rule.value]
    return CompiledRule(
        option=rule.option,
        origin=source.name if source.kind == "evidence" else source.kind,
        source=source,
        operator=rule.operator,
        values=tuple(_operand(part.strip()) for part in parts if part.strip()),
        decides=rule.decides,
        conditions=tuple(_condition(text) for text in rule.conditions),
    )


def _condition(text: str) -> Condition:
    match = CONDITION.match(text)
    if not match:
        raise RuleUnreadable(text)
    material, attribute, operator, operand = match.groups()
    return Condition(material, attribute, operator, _operand(operand.strip()))


def _operand(text: str) -> Operand:
    kind, separator, name = text.partition(":")
    if separator and kind in {"registry", "field"}:
        return Operand(kind, name)
    if text in {"today", BRANCH_DISTRICT}:
        return Operand(text, "")
    if match := REFERENCE.match(text):
        return Operand("evidence", match[1], match[2] or "")
    return Operand("literal", text)
