"""Make the certificate, have it kept by the office that issued it, deliver it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from services.cases.certificates import (
    certificate_attributes,
    last_valid_day,
    number_like,
)
from services.cases.models import Case, Certificate, Requirement, Task
from services.cases.operations.accept import applicant_task, close_tasks
from services.cases.operations.effects import Effects
from services.cases.operations.lock import lock_case, lock_cases_by_key
from services.cases.operations.park import look_again
from services.cases.plans import case_definition, case_fields
from services.catalogue.definition import Definition
from services.catalogue.queries import materials
from services.catalogue.usage import subject_fields
from services.common.actors import SYSTEM, Actor
from services.common.errors import DomainError
from services.common.subjects import Subject, subject_key
from services.departments.gateways.contract import Deposit
from services.exchange.models import Evidence
from services.exchange.operations.deposit import DepositRequest


class CertificateNotKept(DomainError):
    """The office that issued a certificate has not confirmed that it keeps it."""

    code = "certificate_not_kept"


BY_WIRE = "电子证照"  # the choice of the field `delivery` that needs no window


def issue_certificate(
    effects: Effects, case: Case, rows: Sequence[Requirement]
) -> None:
    """Charge the fee where there is one, else make the certificate."""
    definition = case_definition(case)
    if definition.fee:
        effects.move(case, "charge", actor=SYSTEM)
        text = (definition.fee_standard, definition.fee_standard)
        effects.tasks.append(
            applicant_task(case, Task.Kind.PAY, now=effects.now, text=text)
        )
        return
    effects.move(case, "certify", actor=SYSTEM)
    _make(effects, case, definition, rows)


def pay_fee(*, case: Case, actor: Actor, now: datetime) -> Case:
    """Take the (simulated) payment and make the certificate."""
    with transaction.atomic():
        case = lock_case(case)
        effects = Effects(actor=actor, now=now)
        effects.move(case, "pay")
        rows = list(case.requirements.order_by("position"))
        _make(effects, case, case_definition(case), rows)
        close_tasks(effects, case, Task.Kind.PAY, result="paid")
        effects.flush()
    return case


def certificates_kept(*, numbers: Iterable[str], now: datetime) -> int:
    """
    Take note that offices keep these certificates: deliver, and wake who waited.

    Safe to deliver twice: a certificate that was noted before changes nothing.
    """
    with transaction.atomic():
        kept = list(
            Certificate.objects.select_for_update()
            .filter(number__among=numbers, deposited_at__isnull=True)
            .values_list("number", "case_id", "entity", "material_code")
        )
        if not kept:
            return 0
        effects = Effects(actor=SYSTEM, now=now)
        for case in lock_cases_by_key([case for _, case, _, _ in kept], ["certified"]):
            _deliver_or_hand_over(effects, case)
        Certificate.objects.filter(
            number__among=[number for number, *_ in kept]
        ).update(deposited_at=now)
        effects.flush()
        # In the same transaction: whoever waited must not be forgotten by a crash.
        obtained = [(entity, material) for _, _, entity, material in kept]
        look_again(obtained=obtained, actor=SYSTEM, now=now)
    return len(kept)


def hand_over(*, case: Case, actor: Actor, now: datetime, remark: str = "") -> Case:
    """
    Record that the issuing clerk handed over or posted the certificate.

    :raises CertificateNotKept: before the office that issued it has it on record.
    """
    with transaction.atomic():
        case = lock_case(case)
        effects = Effects(actor=actor, now=now)
        effects.move(case, "deliver", delivered_at=now, ended_at=now)
        if not Certificate.objects.filter(
            case=case, deposited_at__isnull=False
        ).exists():
            raise CertificateNotKept(case.number)
        close_tasks(effects, case, Task.Kind.HAND_OVER, result="done")
        for task in effects.closed_tasks:
            task.remark = remark
        effects.flush()
    return case


def _make(
    effects: Effects, case: Case, definition: Definition, rows: Sequence[Requirement]
) -> None:
    today = timezone.localtime(effects.now).date()
    known = materials().get(definition.result_material)
    attributes = known.attributes if known else []
    number = _number(case, definition, attributes, year=today.year)
    until = last_valid_day(today, definition.result_validity_months)
    subjects = _subjects(case, definition)
    certificate = Certificate(
        number=number,
        case=case,
        material_code=definition.result_material,
        name=definition.result_name,
        department=definition.department,
        subject=str(subjects[0]),
        holder=case.entity.legal_name,
        entity=case.entity.uscc,
        issued_on=today,
        valid_until=until,
        attributes=certificate_attributes(
            attributes,
            number=number,
            holder=case.entity.legal_name,
            issued_on=today,
            valid_until=until,
            stated=case_fields(case),
        ),
    )
    effects.certificates.append(certificate)
    effects.log(
        case, "certificate.issued", number=number, material=certificate.material_code
    )
    effects.deposits.append(
        DepositRequest(
            number=number,
            deposits=tuple(
                _deposit(
                    certificate,
                    subject,
                    definition,
                    replaces=_replaced(rows, definition),
                )
                for subject in subjects
            ),
            case=case.reference,
            reply_task="cases.certificates_kept",
            reply_key=number,
        )
    )


def _deposit(
    certificate: Certificate, subject: Subject, definition: Definition, *, replaces: str
) -> Deposit:
    known = materials().get(certificate.material_code)
    holder = known.holder_id if known else definition.department
    return Deposit(
        department=holder or definition.department,
        material=certificate.material_code,
        number=certificate.number,
        subject=subject,
        entity=certificate.entity,
        holder_name=certificate.holder,
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        attributes=certificate.attributes,
        replaces=replaces,
    )


def _number(
    case: Case, definition: Definition, attributes: list[dict[str, str]], *, year: int
) -> str:
    if definition.result_material == definition.licence_material:
        return case.entity.uscc
    for attribute in attributes:
        if attribute["code"].endswith(("_no", "_code")):
            return number_like(attribute["example"], serial=case.pk, year=year)
    return f"{definition.code}-{year}-{case.pk:06d}"


def _replaced(rows: Sequence[Requirement], definition: Definition) -> str:
    """Return the number of the certificate that a renewal or amendment supersedes."""
    for row in rows:
        if row.satisfied_by == definition.result_material and row.evidence_id:
            records = Evidence.objects.get(pk=row.evidence_id).records
            return str(records[0]["number"]) if records else ""
    return ""


def _subjects(case: Case, definition: Definition) -> list[Subject]:
    """Return what the certificate is about, as other items will ask for it."""
    fields = case_fields(case)
    found = [Subject("entity", case.entity.uscc)]
    for kind, field in sorted(subject_fields(definition.result_material)):
        text = fields.get(field) or (
            case.entity.place_of_business if kind == "premises" else ""
        )
        if kind != "entity" and text:
            found.append(Subject(kind, subject_key(kind, text)))
    return list(dict.fromkeys(found))


def _deliver_or_hand_over(effects: Effects, case: Case) -> None:
    if case_fields(case).get("delivery", BY_WIRE) == BY_WIRE:
        effects.move(case, "deliver", delivered_at=effects.now, ended_at=effects.now)
        return
    effects.tasks.append(
        Task(
            case=case,
            kind=Task.Kind.HAND_OVER,
            office=case.office,
            role="issuing_clerk",
            opened_at=effects.now,
        )
    )
