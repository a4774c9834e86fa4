"""The values that planning takes and gives. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.catalogue.definition import Question
from services.common.subjects import Subject

Answers = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about one material and subject. Outcomes as in domain.md §4."""

    outcome: str = ""  # "" = not asked or not answered yet
    code: str = ""
    records: tuple[Mapping[str, str], ...] = ()  # attributes, plus number, valid_until…


Knowledge = Mapping[tuple[str, Subject], Known]


@dataclass(frozen=True, slots=True)
class PlannedQuestion:
    """A question, its answer so far, and who gave it."""

    question: Question
    answer: tuple[str, ...]
    given_by: str  # "decided" (register or evidence; not asked), "stated",
    # "suggested" (preselected by a rule), "default"
    because: str = ""  # source of a decided or suggested answer, e.g. M091
    unavailable: tuple[str, ...] = ()  # options that may not be chosen, e.g. commitment
    # after serious dishonesty
    suggested: tuple[str, ...] = ()  # what a rule would preselect; an option that ends
    # the application is only shown here: the applicant must choose it


@dataclass(frozen=True, slots=True)
class PlannedMember:
    """One way to satisfy a requirement."""

    material: str
    name: str
    name_en: str
    how: str  # "exchange", "form", "sign", "upload"
    department: str  # whom to ask, for "exchange"
    subject: Subject
    fallback: bool = False  # counted only when all members before it are not found


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the missing-evidence ladder; none of them is an upload."""

    kind: str  # alternative, assist, dispute, commitment, apply_first, issuer
    material: str
    item: str = ""  # apply_first: the item that yields it
    department: str = ""  # issuer, assist, dispute


@dataclass(frozen=True, slots=True)
class PlannedRequirement:
    """What must be shown about one subject: any one of the members."""

    slot: int  # which slot of the item; a slot fans out by subject
    subject: Subject
    members: tuple[PlannedMember, ...]
    name: str
    name_en: str
    key: bool
    commit_ok: bool
    commit_kind: str
    deferrable: bool
    status: str  # "satisfied" (by evidence), "missing" (all asked, none found),
    # "applicant" (form, signature, upload is due from the applicant), "open"
    satisfied_by: str = ""  # material
    ladder: tuple[Rung, ...] = ()


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An answer on the applicant's word that relaxes a check: a clerk confirms it."""

    question: str
    options: tuple[str, ...]
    text: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Why an application ends before it begins."""

    kind: str  # not_eligible, other_authority, not_needed, refer_item
    value: str  # authority, item code (HZ-009) or text
    reason: str
    reason_en: str
    question: str
    option: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something to ask a department."""

    material: str
    department: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class PlannedField:
    """A form field with what was prefilled and from where."""

    code: str
    value: str
    source: str  # "registry", "M022", "stated", "" (empty)


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that follows from item, answers, register and evidence."""

    questions: tuple[PlannedQuestion, ...]
    requirements: tuple[PlannedRequirement, ...]
    slots: tuple[tuple[str, ...], ...]  # materials, as the reference computes them
    wanted: tuple[Wanted, ...]  # every exchange that this case needs
    instant: bool
    inspection: bool
    promised_days: int  # working days; 0 = on the spot
    statutory_unit: str
    statutory_value: int
    stop: Stop | None
    confirmations: tuple[Confirmation, ...]
    commitment_offered: bool
    notes: tuple[tuple[str, str], ...]  # sentences for the applicant (zh, en)
    fields: tuple[PlannedField, ...] = field(default=())

    @property
    def answers(self) -> dict[str, tuple[str, ...]]:
        """Return the answers that hold, whoever gave them."""
        return {q.question.code: q.answer for q in self.questions}

    @property
    def to_ask(self) -> tuple[PlannedQuestion, ...]:
        """Return the questions that neither register nor evidence answers."""
        return tuple(q for q in self.questions if q.given_by != "decided")
