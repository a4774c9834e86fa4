"""What is said to people about a licence number that cannot be used."""

from __future__ import annotations

from django.utils.translation import gettext as _

from services.registry.uscc import UsccProblem


def explain(problem: UsccProblem) -> str:
    """Return one sentence that says exactly what is wrong."""
    if problem.code == "forbidden_letter" and problem.params["hint"]:
        sentence = _(
            "第 %(position)s 位是“%(letter)s”，统一社会信用代码不使用"
            "字母 I、O、S、V、Z，是否应为“%(hint)s”？"
        )
    else:
        sentence = _sentences()[problem.code]
    return sentence % problem.params


def _sentences() -> dict[str, str]:
    return {
        "wrong_length": _("统一社会信用代码应为 18 位，您输入了 %(length)s 位。"),
        "forbidden_letter": _(
            "第 %(position)s 位是“%(letter)s”，"
            "统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z）。"
        ),
        "unknown_authority": _(
            "第 1 位“%(authority)s”不是已知的登记管理部门代码（市场监管部门为 9）。"
        ),
        "unknown_category": _(
            "前两位“%(authority)s%(category)s”不是已知的机构类别代码"
            "（企业 91，个体工商户 92，农民专业合作社 93）。"
        ),
        "wrong_division": _("第 3 至 8 位“%(division)s”应为 6 位数字的行政区划码。"),
        "wrong_body_digit": _(
            "第 9 至 17 位主体标识码的校验位不对："
            "第 17 位是“%(found)s”，按前 8 位计算应为“%(expected)s”。"
            "请核对第 9 至 17 位。"
        ),
        "wrong_check_digit": _(
            "整个代码的校验位不对：第 18 位是“%(found)s”，"
            "按前 17 位计算应为“%(expected)s”。请逐位核对。"
        ),
    }


def say_unknown(uscc: str) -> str:
    """Return the sentence for a well-formed number that nobody here has."""
    return _("本市登记簿中没有统一社会信用代码 %(uscc)s。") % {"uscc": uscc}


def say_unable(status: str) -> str:
    """
    Return why a company in this state cannot apply, and where it may turn.

    Anybody may type a number: the sentence says nothing else about the company.
    """
    sentences = {
        "revoked": _("该企业已被吊销营业执照，不能申请办理事项。"),
        "deregistered": _("该企业已注销，不能申请办理事项。"),
        "moved_away": _("该企业已迁出本市，请向迁入地登记机关办理。"),
    }
    return sentences[status]
