"""A definition, read once: what planning looks up again and again. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from services.cases.planning.conditions import CompiledRule, compile_rule
from services.catalogue.definition import (
    GOVERNMENT_ISSUED,
    Definition,
    Effect,
    Field,
    Group,
    MaterialLink,
    Question,
)

EXCHANGE = "exchange"
STOPS = ("not_eligible", "other_authority", "not_needed", "refer_item")  # by precedence
RELAXING = {"waive_material", "inspection_off", "handling_instant", "promised_limit"}
STRICT = {"require_material", "inspection_on", "handling_promised"}
COMMITMENT = "commitment"  # the question whose "yes" chooses notice-and-commitment
MULTI = "multi"
KEPT_INDEXES = 1024

Choice = tuple[str, str]  # question, option


class GovernmentPaperAsked(ValueError):
    """A definition that would ask an applicant for a government-issued material."""


@dataclass(frozen=True, slots=True)
class Index:
    """Look-ups of one definition."""

    definition: Definition
    defaults: Mapping[str, tuple[str, ...]]
    effects: Mapping[Choice, tuple[Effect, ...]]
    relaxing: frozenset[Choice]
    stopping: frozenset[Choice]
    rules: Mapping[str, tuple[CompiledRule, ...]]  # by question
    rule_materials: tuple[str, ...]
    groups: Mapping[str, Group]
    listed: tuple[str, ...]  # groups that collapse the base list
    fallback: tuple[str, ...]  # groups whose other members are accepted instead
    fields: Mapping[str, Field]
    lists: frozenset[str]  # fields with one subject per line
    places: tuple[str, ...]  # fields with the place applied for
    offers_commitment: bool  # some answer offers it


class _ByIdentity:
    """A key for the cache: a definition holds mappings and has no hash of its own."""

    __slots__ = ("definition",)

    def __init__(self, definition: Definition) -> None:
        self.definition = definition

    def __hash__(self) -> int:
        return id(self.definition)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and self.definition is other.definition


def index_of(definition: Definition) -> Index:
    """
    Return the index of a definition, built once per object.

    :raises GovernmentPaperAsked: if a government-issued material is not asked of its
        department.
    """
    return _index_of(_ByIdentity(definition))


@lru_cache(maxsize=KEPT_INDEXES)
def _index_of(key: _ByIdentity) -> Index:
    definition = key.definition
    for link in definition.links.values():
        _refuse_government_paper(link)
    effects: dict[Choice, list[Effect]] = defaultdict(list)
    for effect in definition.effects:
        effects[effect.question, effect.option].append(effect)
    rules: dict[str, list[CompiledRule]] = defaultdict(list)
    for rule in definition.rules:
        rules[rule.question].append(compile_rule(rule))
    fields = {field.code: field for field in definition.fields}
    return Index(
        definition=definition,
        defaults={
            q.code: tuple(o.code for o in q.options if o.default)
            for q in definition.questions
        },
        effects={choice: tuple(of) for choice, of in effects.items()},
        relaxing=frozenset(_relaxing(definition.questions, effects)),
        stopping=frozenset(
            choice for choice, of in effects.items() if _kinds(of) & set(STOPS)
        ),
        rules={question: tuple(of) for question, of in rules.items()},
        rule_materials=_rule_materials(definition, rules.values()),
        groups={group.code: group for group in definition.groups},
        listed=tuple(g.code for g in definition.groups if g.basis == "listed"),
        fallback=tuple(g.code for g in definition.groups if g.basis == "fallback"),
        fields=fields,
        lists=frozenset(f.code for f in definition.fields if f.type == "long_text"),
        places=_places(definition),
        offers_commitment=any(
            effect.kind == "commitment_offered" for effect in definition.effects
        ),
    )


def _refuse_government_paper(link: MaterialLink) -> None:
    if link.kind == GOVERNMENT_ISSUED and link.how != EXCHANGE:
        raise GovernmentPaperAsked(link.material)


def _kinds(effects: Iterable[Effect]) -> set[str]:
    return {effect.kind for effect in effects}


def _relaxing(
    questions: Iterable[Question], effects: Mapping[Choice, list[Effect]]
) -> Iterable[Choice]:
    """
    Yield the choices that relax a check.

    Most do so openly; where no option does, those relax that escape what another
    option of the question brings.
    """
    for question in questions:
        kinds = {
            (question.code, option.code): _kinds(
                effects.get((question.code, option.code), ())
            )
            for option in question.options
        }
        open_ones = [choice for choice, of in kinds.items() if of & RELAXING]
        if not open_ones and any(of & STRICT for of in kinds.values()):
            open_ones = [
                choice for choice, of in kinds.items() if not of & (STRICT | set(STOPS))
            ]
        yield from open_ones


def _rule_materials(
    definition: Definition, rules: Iterable[list[CompiledRule]]
) -> tuple[str, ...]:
    """Return what rules look at, and the credit record where commitment is a choice."""
    wanted = [material for of in rules for rule in of for material in rule.materials]
    if any(question.code == COMMITMENT for question in definition.questions):
        wanted.append(definition.credit_material)
    return tuple(dict.fromkeys(wanted))


def _places(definition: Definition) -> tuple[str, ...]:
    """Return the fields that name the place applied for, the surest first."""
    subjects = [
        link.subject_field
        for link in definition.links.values()
        if link.subject == "premises"
    ]
    own = [
        field.code
        for field in definition.fields
        if field.type == "address" and field.prefill and not field.common
    ]
    return tuple(dict.fromkeys([*subjects, *own]))
