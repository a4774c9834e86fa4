"""
What a clerk has to know about an answer, in codes. Pure.

`FLAGS` has their words; the order is that in which a clerk reads them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from services.departments.gateways.contract import (
    DEFERRED,
    FOUND,
    HUB,
    REFUSED,
    UNAVAILABLE,
)
from services.exchange.models import AssistRequest, Evidence, Exchange

SOON = timedelta(days=30)  # a record that ends within is worth a clerk's look
Kind = AssistRequest.Kind

FLAGS: Mapping[str, StrPromise] = {
    # what was shown
    "former_name": _("登记为曾用名，校核中"),
    "several": _("有多条有效记录"),
    "expires_soon": _("有效期将届满"),
    "by_officer": _("部门工作人员人工查核"),
    "reused": _("沿用此前的答复"),
    "late": _("超过请求时限后答复"),
    "hub_copy": _("公共数据平台副本"),
    "stale_copy": _("公共数据平台副本已过有效期"),
    "stale": _("证据已过有效期，决定前须重新核验"),
    # why nothing was
    "no_record": _("部门确认无记录"),
    "expired": _("证照已过期"),
    "revoked": _("证照已撤销或注销"),
    "other_holder": _("登记的持有人不是申请人"),
    "hub_silent": _("公共数据平台未答复，部门系统未受影响"),
    "silent": _("部门系统未答复"),
    "presumed": _("请求超时，仅为推定"),
    "unusable": _("部门答复无法使用，已隔离"),
    "refused_us": _("部门拒绝本系统，运维处理中"),
    "deferred": _("部门已约定答复时间"),
    # who is looking
    "with_officer": _("部门工作人员协查中"),
    "disputed": _("申请人提出数据异议，核查中"),
    "rechecked": _("登记机关校核中"),
}
BY_CODE: Mapping[str, str] = {
    "NO_RECORD": "no_record",
    "EXPIRED": "expired",
    "REVOKED": "revoked",
    "HOLDER_MISMATCH": "other_holder",
    "GARBLED": "unusable",
    "INCOMPLETE": "unusable",
    "TIMEOUT": "presumed",
}
LOOKING: Mapping[str, str] = {
    Kind.OUTAGE: "with_officer",
    Kind.DISPUTE: "disputed",
    Kind.RECHECK: "rechecked",
}


def flags_of(
    exchange: Exchange, *, now: datetime, looking: Collection[str] = ()
) -> tuple[str, ...]:
    """
    Return what a clerk has to know about an exchange and its evidence.

    :param looking: kinds of the open requests to the department's officers.
    """
    found = {LOOKING[kind] for kind in looking}
    if exchange.outcome == FOUND and exchange.evidence is not None:
        found |= _of_evidence(exchange, exchange.evidence, now)
    elif exchange.outcome:
        found |= _of_silence(exchange)
    return tuple(flag for flag in FLAGS if flag in found)


def _of_evidence(exchange: Exchange, evidence: Evidence, now: datetime) -> set[str]:
    stale = evidence.fresh_until <= now
    copy = evidence.snapshot_at is not None
    by_officer = any(_seen_by_officer(record) for record in evidence.records)
    known = {
        "former_name": evidence.under_former_name,
        "several": len(evidence.records) > 1,
        "expires_soon": any(_ends_soon(r, now) for r in evidence.records),
        "by_officer": by_officer,
        "reused": exchange.reused,
        "late": not (exchange.reused or by_officer) and _is_late(exchange),
        "hub_copy": copy and not stale,
        "stale_copy": copy and stale,
        "stale": stale and not copy,
    }
    return {flag for flag, holds in known.items() if holds}


def _of_silence(exchange: Exchange) -> set[str]:
    outcome, code = exchange.outcome, exchange.code
    at_hub = exchange.via == HUB
    known = {
        BY_CODE.get(code, ""): True,
        "hub_silent": outcome == UNAVAILABLE and at_hub,
        "silent": outcome == UNAVAILABLE and not at_hub and code not in BY_CODE,
        "refused_us": outcome == REFUSED,
        "deferred": outcome == DEFERRED,
    }
    return {flag for flag, holds in known.items() if flag and holds}


def _is_late(exchange: Exchange) -> bool:
    answered_at = exchange.answered_at
    return answered_at is not None and answered_at > exchange.deadline_at


def _ends_soon(record: Mapping[str, object], now: datetime) -> bool:
    last_day = record.get("valid_until")
    soon = (timezone.localtime(now) + SOON).date()
    return bool(last_day) and date.fromisoformat(str(last_day)) <= soon


def _seen_by_officer(record: Mapping[str, object]) -> bool:
    attributes = record.get("attributes")
    return isinstance(attributes, Mapping) and attributes.get("source") == "officer"
