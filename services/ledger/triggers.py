"""Entries, bundles and tree heads are inserted once and never touched again."""

from __future__ import annotations

from services.common.triggers import refuse_changes

TRIGGERS = (
    *refuse_changes("ledger_logentry"),
    *refuse_changes("ledger_bundle", key="start"),
    *refuse_changes("ledger_treehead", key="size"),
)
