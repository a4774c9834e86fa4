"""What the log consists of is inserted once and never touched again."""

from __future__ import annotations

from services.common.triggers import refuse_changes

TRIGGERS = (
    *refuse_changes("ledger_logentry"),
    *refuse_changes("ledger_bundle", key="start"),
    *refuse_changes("ledger_treehead", key="size"),
    *refuse_changes("ledger_treenode"),
    *refuse_changes("ledger_checkpoint", key="size"),
)
