"""Say what is wrong with a filing in sentences, all of it at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from services.cases.models import Case
from services.cases.operations.filing import Filing
from services.cases.planning.check import Finding, find_problems
from services.cases.planning.plan import Plan
from services.cases.plans import case_definition
from services.catalogue.definition import Definition
from services.common.errors import Problem

SENTENCES: Mapping[str, object] = {
    "unknown_question": _("没有这个问题。%(hint)s"),
    "unknown_option": _("「%(option)s」不在可选范围内，可选：%(options)s。"),
    "option_unavailable": _("「%(option)s」现在不能选：公共信用核验不符合条件。"),
    "only_one_option": _("只能选一项：%(options)s。"),
    "unknown_field": _("表单没有这一栏。%(hint)s"),
    "field_missing": _("请填写「%(label)s」。"),
    "not_integer": _("「%(label)s」应填整数。"),
    "not_decimal": _("「%(label)s」应填数字。"),
    "not_date": _("「%(label)s」应按 年-月-日 填写，例如 2026-11-23。"),
    "not_boolean": _("「%(label)s」应填 yes 或 no。"),
    "not_phone": _("「%(label)s」不像电话号码。"),
    "not_person_name": _("「%(label)s」不像姓名。"),
    "not_id_number": _("「%(label)s」的证件号不对：应为18位，且末位校验码相符。"),
    "not_a_choice": _("「%(label)s」请从以下选项中选：%(choices)s。"),
    "wrong_format": _("「%(label)s」的格式不对。"),
    "too_small": _("「%(label)s」不能小于 %(least)s。"),
    "too_large": _("「%(label)s」不能大于 %(most)s。"),
    "too_short": _("「%(label)s」至少 %(least)s 个字。"),
    "too_long": _("「%(label)s」最多 %(most)s 个字。"),
    "licence_number_invalid": _("「%(label)s」不是有效的统一社会信用代码。"),
    "material_missing": _("请上传「%(name)s」，它由申请人自备。"),
    "never_asked_of_applicants": _("这份材料由系统向部门核验，请不要上传。"),
    "unknown_material": _("本事项没有这份材料。%(hint)s"),
    "commitment_not_allowed": _("「%(name)s」是关键条件，不能以承诺代替。"),
    "deferred_not_allowed": _("「%(name)s」不能容缺后补。"),
}


def filing_problems(
    case: Case, plan: Plan, filing: Filing, uploads: Collection[str]
) -> list[Problem]:
    """Return every problem of a filing, with a JSON pointer each."""
    findings = find_problems(
        case_definition(case),
        plan,
        stated_answers={q: tuple(o) for q, o in case.stated_answers.items()},
        stated_fields=case.stated_fields,
        uploads=uploads,
        commitments=filing.commitments,
        deferred=filing.deferred,
    )
    told = {problem.pointer for problem in filing.refused}
    return [
        *filing.refused,
        *(
            Problem(f.code, sentence(f), f.pointer)
            for f in findings
            if f.pointer not in told
        ),
    ]


def answer_problems(
    definition: Definition, plan: Plan, answers: Mapping[str, list[str]]
) -> list[Problem]:
    """Return what is wrong with answers alone, before anything is filed."""
    findings = find_problems(
        definition,
        plan,
        stated_answers=answers,
        stated_fields={},
        uploads=(),
        commitments=(),
    )
    return [
        Problem(f.code, sentence(f), f.pointer)
        for f in findings
        if f.pointer.startswith("/answers/")
    ]


def sentence(finding: Finding) -> str:
    """Return what is wrong and what to do, in the reader's language."""
    english = (get_language() or "").startswith("en")
    params = {key: _text(value) for key, value in finding.params.items()}
    for name in ("label", "name"):
        if english and params.get(f"{name}_en"):
            params[name] = params[f"{name}_en"]
    nearest = params.get("nearest")
    params["hint"] = str(_("是不是 %(nearest)s？") % params) if nearest else ""
    template = SENTENCES.get(finding.code, _("这里有问题，请核对。"))
    return str(template) % params


def _text(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "、".join(map(str, value))
    return str(value)
