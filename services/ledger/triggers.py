"""What the database itself sees to in the log, whoever writes."""

from __future__ import annotations

from services.common.triggers import Trigger, refuse_changes

# SQLite needs none: it looks every name up (operations/name.py).
NEW_EDITION = Trigger(
    "ledger_pseudonym_new_edition",
    "ledger_pseudonym",
    postgres="CREATE OR REPLACE FUNCTION ledger_pseudonym_new_edition()"
    " RETURNS trigger LANGUAGE plpgsql AS $$"
    " BEGIN UPDATE ledger_nameedition SET edition = gen_random_uuid()::text;"
    " RETURN NULL; END $$;"
    " CREATE TRIGGER ledger_pseudonym_new_edition"
    " AFTER UPDATE OR DELETE OR TRUNCATE ON ledger_pseudonym"
    " FOR EACH STATEMENT EXECUTE FUNCTION ledger_pseudonym_new_edition()",
)
# What the log consists of is inserted once and never touched again.
TRIGGERS = (
    *refuse_changes("ledger_logentry"),
    *refuse_changes("ledger_bundle", key="start"),
    *refuse_changes("ledger_treehead", key="size"),
    *refuse_changes("ledger_treenode"),
    *refuse_changes("ledger_checkpoint", key="size"),
    NEW_EDITION,
)
