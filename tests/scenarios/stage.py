"""One company, one item, one department that behaves as a scenario says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import F

from services.accounts.queries import actor_of
from services.cases.applying import (
    Given,
    applicant_of,
    bring_papers,
    file_filled,
    fill_in,
)
from services.cases.models import Case
from services.cases.operations.carry_on import carry_on
from services.cases.operations.decide import EvidenceStale, approve_case
from services.cases.operations.dispute import dispute_record
from services.cases.operations.draft import open_draft
from services.cases.queries.summary import Verification, verifications
from services.catalogue.queries import current_version
from services.common.actors import Actor
from services.common.subjects import Subject
from services.departments.gateways.choose import gateway
from services.departments.gateways.contract import Answer, Question
from services.departments.models import Deferral, Profile, Record
from services.exchange.models import AssistRequest, Breaker, Exchange
from services.exchange.operations.assist import close_assist
from services.exchange.operations.receive import receive_answers
from services.ledger.queries import entries_of_case
from services.registry.models import Entity
from tests.clock import NOON
from tests.factories.cases import again, hold_for
from tests.factories.departments import ProfileFactory
from tests.scenarios.ways import BringLate, bring_late

DEFER_SECONDS = 2 * 60 * 60


@dataclass(frozen=True)
class Matter:
    """What a scenario is about: one material of one item, held by one department."""

    item: str
    material: str
    department: str


TAX = Matter("HZ-102", "M071", "sw")  # asked directly
TRAVEL = Matter("HZ-133", "M077", "whgl")  # asked through the hub, which keeps copies
LEASE = Matter("HZ-198", "M091", "zbfg")  # where ghzy holds no title to the premises
LABOUR = Matter("HZ-095", "M002", "scjg")  # a reviewer decides
VEHICLE = Matter("HZ-082", "M018", "ga")  # which jtys has a register of, too
COMPANY = Matter("HZ-007", "M002", "scjg")  # one of two questions to scjg
TOMORROW = NOON.date() + timedelta(days=1)
RENAMED = "杭州旧名餐饮有限公司"


@dataclass
class Stage:
    """A case on its way, and the time of day."""

    company: Entity
    matter: Matter
    bring_late: BringLate = bring_late
    now: datetime = NOON
    case: Case | None = None
    refused: list[str] = field(default_factory=list)  # what we would not take or do
    seen: list[str] = field(default_factory=list)  # states of the department's line

    def open(self) -> None:
        """Open a draft, ask, and fill it in with what there is."""
        actor = applicant_of(self.company)
        version = current_version(self.matter.item)
        self.case = open_draft(
            entity=self.company, item_version=version, actor=actor, now=self.now
        )
        carry_on(now=self.now)
        fill_in(case=self.case, given=Given(), actor=actor, now=self.now)
        bring_papers(case=self.case, given=Given(), actor=actor, now=self.now)

    def file(self) -> None:
        """File the draft at once, whatever departments have said."""
        draft, actor = self.filed, applicant_of(self.company)
        self.case = file_filled(case=draft, given=Given(), actor=actor, now=self.now)
        carry_on(now=self.now)
        self.look_at_line()

    def look_at_line(self) -> None:
        lines = Breaker.objects.filter(line=self.matter.department)
        self.seen += lines.values_list("state", flat=True) or ["closed"]

    @property
    def filed(self) -> Case:
        assert self.case, "no draft was opened"
        return again(self.case)

    @property
    def line(self) -> Verification:
        """What the case has of the matter, as people see it."""
        lines = verifications(self.filed)
        return [one for one in lines if one.material == self.matter.material][-1]

    @property
    def exchange(self) -> Exchange:
        return self.line.exchange

    @property
    def events(self) -> tuple[str, ...]:
        """What the log says about the matter: type and outcome, repeats once."""
        now = self.exchange
        asked = Exchange.objects.filter(
            case=now.case, material=now.material, subject=now.subject
        )
        ids = set(asked.values_list("public_id", flat=True))
        lines = entries_of_case(self.filed.reference)
        return without_repeats(
            f"{line.type} {line.code or line.outcome}".strip()
            for line in lines
            if line.exchange in ids
        )


def without_repeats(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text, _ in groupby(texts))


Step = Callable[[Stage], None]


def be(mode: str, *, department: str = "", **profile: Any) -> Step:
    """Let the department (or another, or the hub) behave so from now on."""

    def step(stage: Stage) -> None:
        code = department or stage.matter.department
        Profile.objects.filter(department=code).delete()
        options = {"defer_seconds": DEFER_SECONDS, **profile}
        ProfileFactory(department=code, mode=mode, **options)

    return step


def wait(**time: float) -> Step:
    """Let time pass, and everybody do what is due then."""

    def step(stage: Stage) -> None:
        stage.now += timedelta(**time)
        stage.bring_late(stage.now)
        carry_on(now=stage.now)
        stage.look_at_line()

    return step


def come_back(stage: Stage) -> None:
    """Let the applicant find the draft again as it was left, and file it."""
    left = stage.filed
    stage.open()
    assert stage.case == left
    stage.file()


def hold(**columns: Any) -> Step:
    """Let the department's record read so."""

    def step(stage: Stage) -> None:
        _records(stage).update(**columns)

    return step


def lose_it(stage: Stage) -> None:
    """Let the department hold nothing."""
    _records(stage).delete()


def shows(department: str, material: str, **attributes: str) -> Step:
    """Let another department's record say something else."""

    def step(_stage: Stage) -> None:
        rows = Record.objects.filter(department=department, material=material)
        for record in rows:
            record.attributes |= attributes
            record.save()

    return step


def lose(department: str, material: str) -> Step:
    """Let another department hold nothing of a material."""

    def step(_stage: Stage) -> None:
        Record.objects.filter(department=department, material=material).delete()

    return step


def hold_two(stage: Stage) -> None:
    """Let the department hold a second good record."""
    record = _records(stage)[0]
    record.pk, record.number, record.issued_on = None, "2-001", date(2025, 5, 1)
    record.save()


def renamed(stage: Stage) -> None:
    """Let the company have had another name, under which the record stands."""
    stage.company.former_names = [RENAMED]
    stage.company.save()
    hold(holder_name=RENAMED)(stage)


def copied(**age: float) -> Step:
    """Let another system have asked the hub so long ago: it keeps a copy."""

    def step(stage: Stage) -> None:
        question = Question(
            request_id="another-system",
            material=stage.matter.material,
            subject=Subject("entity", stage.company.uscc),
            entity=stage.company.uscc,
            holder_name=stage.company.legal_name,
            former_names=(),
            purpose="",
            basis="",
        )
        gateway().ask_many(
            department=stage.matter.department,
            questions=[question],
            now=stage.now - timedelta(**age),
        )

    return step


def asked_before(stage: Stage) -> None:
    """Let the company have asked the same a moment ago, for another case."""
    before = Stage(stage.company, stage.matter, now=stage.now)
    before.open()
    before.file()
    stage.now += timedelta(minutes=10)


def late_answer(**changes: Any) -> Step:
    """Let the department send an answer by itself; what comes of it is kept."""

    def step(stage: Stage) -> None:
        exchange = stage.exchange
        answer = Answer(
            **{
                "request_id": exchange.public_id,
                "outcome": "NOT_FOUND",
                "code": "NO_RECORD",
                **changes,
            }
        )
        received = receive_answers(
            department=stage.matter.department, answers=[answer], now=stage.now
        )
        stage.refused += [one.reason for one in received if not one.accepted]
        carry_on(now=stage.now)

    return step


def put_off(**time: float) -> Step:
    """Let the department put off what it has promised."""

    def step(_stage: Stage) -> None:
        Deferral.objects.update(answer_at=F("answer_at") + timedelta(**time))

    return step


def officer(finding: str, number: str = "") -> Step:
    """Let the department's officer close what was asked of him."""

    def step(stage: Stage) -> None:
        request = AssistRequest.objects.select_related("exchange").get(
            exchange__case=stage.filed.reference,
            exchange__material=stage.matter.material,
            closed_at__isnull=True,
        )
        close_assist(
            request=request,
            finding=finding,
            number=number,
            actor=Actor(
                kind="human",
                id="officer",
                role="reviewer",
                name="张三",
                office=stage.matter.department,
            ),
            now=stage.now,
        )
        carry_on(now=stage.now)

    return step


def dispute(number: str) -> Step:
    """Let the applicant say that it does hold it: number and issuer, no paper."""

    def step(stage: Stage) -> None:
        dispute_record(
            case=stage.filed,
            material=stage.matter.material,
            number=number,
            issuer="杭州市",
            actor=applicant_of(stage.company),
            now=stage.now,
        )
        carry_on(now=stage.now)

    return step


def reviewer_tries(stage: Stage) -> None:
    """Let the reviewer who has the case try to approve it."""
    task = stage.filed.tasks.select_related("assignee").get(
        kind="decide", closed_at__isnull=True
    )
    assert task.assignee
    actor = actor_of(task.assignee, role=task.role, office=task.office_id or "")
    try:
        approve_case(case=stage.filed, actor=actor, now=stage.now)
    except EvidenceStale as stale:
        stage.refused.append(stale.code)
    carry_on(now=stage.now)


def set_up(company: Entity, matter: Matter, bring_late: BringLate) -> Stage:
    """Return a stage on which every department holds what the item verifies."""
    hold_for(company, matter.item)
    return Stage(company, matter, bring_late)


def _records(stage: Stage) -> Any:
    return Record.objects.filter(
        department=stage.matter.department,
        material=stage.matter.material,
        entity__in=[stage.company.uscc, ""],
    ).order_by("pk")
