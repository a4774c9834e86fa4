"""What the checks in the browser say; `{…}` is filled in there with what was found."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise as Promise

from services.cases.models import Case
from services.ledger.words import EVENTS
from services.web.wording import OUTCOMES

Words = Mapping[str, "str | Promise"]

VERDICTS: Words = {
    "good": _("核验通过：这条记录在日志里，签名以来没有改动过。"),
    "bad": _("核验不通过：{why}"),
    "part": _("只核验了一部分：{why}"),
    "insecure": _("本页不是经 HTTPS 打开的，浏览器不提供计算哈希的功能。"),
    "no-file": _("请先选择回执文件，或按编号查找。"),
    "no-key": _("本站此刻给不出公钥。请在下面填写您自己保存的公钥。"),
}

HOLDS: Words = {
    "read": _("文件 {n} 字节，记录和证明齐全。"),
    "signature": _("{origin} 的密钥签名，覆盖 {size} 条记录。"),
    "inclusion": _(
        "序号 {index} 的记录经 {n} 步哈希通向签名的树根，一个字节也没有改。"
    ),
    "growth": _("现在的日志有 {size} 条记录，前 {old} 条与签名时完全相同。"),
    "witness": _("{name} 于 {at} 见证。"),
    "paper": _("纸上印的树根是现在 {size} 条日志的开头，前 {old} 条没有改动过。"),
}

GAPS: Words = {
    "signature": _("这个浏览器不能核验 Ed25519 签名，签名没有核验。请用命令核验。"),
    "growth": _("没有网络，没能与现在的日志比对；联网后再核验一次。"),
    "paper": _("没有网络，没能与现在的日志比对；联网后再核验一次。"),
    "witness": _("没有独立见证方的签名：只能证明日志自己签过。"),
    "waiting": _("尚未核验"),
}

REFUSALS: Words = {
    "too-large": _("文件有 {n} 字节，不会是回执：回执只有几千字节。"),
    "no-text": _("文件不是文本，可能选错了文件，或传输中损坏。"),
    "line-ends": _("文件的换行符被改过（可能经过了文本编辑器）。请重新下载。"),
    "proof-form": _("这不是回执文件：第一行应是 c2sp.org/tlog-proof@v1。"),
    "proof-cut": _("回执被截断：证明之后没有检查点。"),
    "proof-index": _("回执没有写明记录的序号，或序号不是规范的数字。"),
    "proof-long": _("证明里的哈希多于这个序号应有的：文件被改动过。"),
    "proof-short": _("证明里的哈希少于这个序号应有的：文件被改动或截断。"),
    "no-entry": _("回执里没有记录本身。请重新下载，或用命令并附上记录核验。"),
    "no-leaf": _("序号 {index} 超出了日志：签名时只有 {size} 条记录。"),
    "other-root": _("记录、序号或证明被改动过：算出的树根不是签名的那个。"),
    "rewritten": _("现在的日志不是当时的延续：前 {old} 条的树根与当时不同。"),
    "shrunk": _("现在的日志只有 {size} 条记录，少于当时的 {old} 条：被截断过。"),
    "base64": _("{what}不是规范的 Base64：被改动或截断。"),
    "hash-length": _("{what}应为 32 字节，实为 {n} 字节。"),
    "note-form": _("检查点的签名部分残缺，或格式不对。"),
    "unknown-key": _("由 {names} 签名，但不是这把公钥所对应的密钥签的。"),
    "signature": _("{name} 的签名与检查点不符：检查点或签名被改动过。"),
    "other-log": _("检查点属于另一份日志 {origin}，不是 {name}。"),
    "checkpoint-form": _("检查点应有日志名、记录数和树根，这一份不是。"),
    "key-form": _("公钥的格式不对，应为“名称+编号+密钥”。"),
    "key-id": _("公钥与它自己的编号不符，可能抄错了。"),
    "paper-form": _("请填写纸上的树大小（数字）和树根（44 个字符）。"),
}

PARTS: Words = {
    "line": _("第 {line} 行："),
    "entry": _("记录"),
    "hash": _("证明的哈希"),
    "root": _("树根"),
    "key": _("公钥"),
    "signature": _("签名"),
}

NOTES: Words = {
    "file": _("文件 {name}"),
    "other-case": _("注意：这份文件是另一办件（{case}）的回执。"),
    "unproven": _("没有通过核验：不要相信下面所写。"),
    "outside": _("记录不是本系统的格式，只按字节核验。"),
}


def spoken() -> dict[str, dict[str, str]]:
    """Return all of it in the reader's language, as the page's script needs it."""
    books = {
        "verdicts": VERDICTS,
        "holds": HOLDS,
        "gaps": GAPS,
        "refusals": REFUSALS,
        "parts": PARTS,
        "notes": NOTES,
        "events": EVENTS,
        "outcomes": {**OUTCOMES, **dict(Case.State.choices)},
    }
    return {
        name: {code: str(text) for code, text in book.items()}
        for name, book in books.items()
    }
