"""The database itself refuses a government-issued paper from an applicant (rule 1)."""

from __future__ import annotations

from services.common.triggers import Trigger

TABLE = "cases_upload"
MESSAGE = "a government-issued material is never taken from an applicant"
NOT_OWN = (
    "NOT EXISTS (SELECT 1 FROM catalogue_material m WHERE m.code = NEW.material_code "
    "AND m.kind IN ('applicant_made', 'third_party'))"
)


def _on_sqlite(name: str, event: str) -> Trigger:
    return Trigger(
        name,
        TABLE,
        sqlite=f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} WHEN {NOT_OWN} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    )


def _on_postgres(name: str) -> Trigger:
    return Trigger(
        name,
        TABLE,
        postgres=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN IF {NOT_OWN} THEN RAISE EXCEPTION '{MESSAGE}'"
            f" USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            f" RETURN NEW; END $$;"
            f" CREATE TRIGGER {name} BEFORE INSERT OR UPDATE ON {TABLE}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()"
        ),
    )


TRIGGERS = (
    _on_sqlite("cases_upload_own_paper_insert", "INSERT"),
    _on_sqlite("cases_upload_own_paper_update", "UPDATE"),
    _on_postgres("cases_upload_own_paper"),
)
