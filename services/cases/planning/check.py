"""Everything that is wrong with a filing, found at once (一次性告知). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from services.cases.planning.entries import fault_in
from services.cases.planning.index import MULTI, index_of
from services.cases.planning.plan import Plan, PlannedMember, PlannedRequirement
from services.cases.planning.requirements import UPLOAD
from services.catalogue.definition import GOVERNMENT_ISSUED, Definition, Question
from services.registry.uscc import UsccProblem, parse


class Finding(NamedTuple):
    """One problem: a stable code, where it is, and what a sentence about it needs."""

    code: str
    pointer: str  # JSON pointer: /answers/x, /fields/y, /materials/M104…
    params: Mapping[str, object]


class OwnPapers(NamedTuple):
    """What the applicant brings in place of papers that nobody else has."""

    uploads: Collection[str]
    commitments: Collection[str] = ()
    deferred: Collection[str] = ()

    def covers(self, requirement: PlannedRequirement) -> bool:
        """Return whether something of it stands in for a requirement."""
        materials = [member.material for member in requirement.members]
        own = [member.material for member in uploads_of(requirement)]
        return (
            any(material in self.uploads for material in own)
            or (requirement.commit_ok and _any_of(materials, self.commitments))
            or (requirement.deferrable and _any_of(own, self.deferred))
        )


def find_problems(
    definition: Definition,
    plan: Plan,
    *,
    stated_answers: Mapping[str, Sequence[str]],
    stated_fields: Mapping[str, str],
    uploads: Collection[str],
    commitments: Collection[str],
    deferred: Collection[str] = (),
) -> list[Finding]:
    """
    Return every problem of a filing, in the order of the form; none is ever a
    government-issued paper that is not there.

    :param uploads: materials of which a paper was added.
    :param commitments: materials that a commitment stands in for.
    :param deferred: materials to follow after acceptance (容缺后补).
    """
    own = OwnPapers(uploads, commitments, deferred)
    return [
        *_in_answers(plan, stated_answers),
        *_in_fields(definition, plan, stated_fields),
        *_in_papers(definition, plan, own),
    ]


def uploads_of(requirement: PlannedRequirement) -> list[PlannedMember]:
    """Return the ways to satisfy a requirement with a paper of the applicant's own."""
    return [member for member in requirement.members if member.how == UPLOAD]


def due_uploads(plan: Plan) -> list[PlannedRequirement]:
    """Return the requirements that wait for a paper of the applicant's own."""
    return [r for r in plan.requirements if r.status == "applicant" and uploads_of(r)]


def _in_answers(plan: Plan, stated: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    planned = {p.question.code: p for p in plan.questions}
    for code, options in stated.items():
        pointer = _pointer("answers", code)
        if code not in planned:
            nearest = _nearest(code, planned)
            yield Finding("unknown_question", pointer, {"nearest": nearest})
            continue
        question = planned[code].question
        yield from _in_options(question, options, planned[code].unavailable, pointer)


def _in_options(
    question: Question, options: Sequence[str], closed: Collection[str], pointer: str
) -> Iterator[Finding]:
    known = [option.code for option in question.options]
    for option in options:
        if option not in known:
            params = {"option": option, "options": known}
            yield Finding("unknown_option", pointer, params)
        elif option in closed:
            yield Finding("option_unavailable", pointer, {"option": option})
    if question.kind != MULTI and len(set(options)) > 1:
        yield Finding("only_one_option", pointer, {"options": known})


def _in_fields(
    definition: Definition, plan: Plan, stated: Mapping[str, str]
) -> Iterator[Finding]:
    fields = index_of(definition).fields
    for code in stated:
        if code not in fields:
            nearest = _nearest(code, fields)
            yield Finding(
                "unknown_field", _pointer("fields", code), {"nearest": nearest}
            )
    for planned in plan.fields:
        field = fields[planned.code]
        names: dict[str, object] = {"label": field.label, "label_en": field.label_en}
        pointer = _pointer("fields", field.code)
        if not planned.value:
            if field.required:
                yield Finding("field_missing", pointer, names)
        elif planned.source == "stated":
            fault = fault_in(field, planned.value, uscc_fault=_uscc_fault)
            if fault:
                yield Finding(fault.code, pointer, {**names, **fault.params})


def _in_papers(definition: Definition, plan: Plan, own: OwnPapers) -> Iterator[Finding]:
    links = definition.links
    for requirement in due_uploads(plan):
        if not own.covers(requirement):
            member = uploads_of(requirement)[0]
            names = {"name": member.name, "name_en": member.name_en}
            pointer = _pointer("materials", member.material)
            yield Finding("material_missing", pointer, names)
    for material in own.uploads:
        if material in links and links[material].kind == GOVERNMENT_ISSUED:
            pointer = _pointer("materials", material)
            yield Finding("never_asked_of_applicants", pointer, {})
    yield from _not_open(definition, plan, "commitments", own.commitments)
    yield from _not_open(definition, plan, "deferred", own.deferred)


def _not_open(
    definition: Definition, plan: Plan, place: str, materials: Iterable[str]
) -> Iterator[Finding]:
    """Yield the materials that may not be committed to, or may not follow later."""
    for material in materials:
        pointer = _pointer(place, material)
        link = definition.links.get(material)
        if link is None:
            nearest = _nearest(material, definition.links)
            yield Finding("unknown_material", pointer, {"nearest": nearest})
            continue
        of = [
            requirement
            for requirement in plan.requirements
            if any(member.material == material for member in requirement.members)
        ]
        allowed = link.commit_ok if place == "commitments" else link.deferrable
        if of and not (allowed and all(_is_open(r, place) for r in of)):
            code = f"{place.removesuffix('s')}_not_allowed"
            yield Finding(code, pointer, {"name": link.name, "name_en": link.name_en})


def _is_open(requirement: PlannedRequirement, place: str) -> bool:
    return requirement.commit_ok if place == "commitments" else requirement.deferrable


def _uscc_fault(text: str) -> str:
    try:
        parse(text)
    except UsccProblem as problem:
        return problem.code
    return ""


def _any_of(materials: Iterable[str], chosen: Collection[str]) -> bool:
    return any(material in chosen for material in materials)


def _nearest(code: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(code, list(known), n=3, cutoff=0.5)


def _pointer(place: str, name: str) -> str:
    return f"/{place}/{name.replace('~', '~0').replace('/', '~1')}"
