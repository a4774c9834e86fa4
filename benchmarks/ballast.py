"""
A hundred times the rows: what delivered cases left behind, multiplied by the server.

Each copy has keys, references and numbers of its own, and its log entries the hash of
their own text: every constraint holds, and the log can be sequenced and checked.
"""

from __future__ import annotations

from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from services.ledger.models import LogEntry
from services.ledger.operations.sequence import sequence_pending

# In an order in which nothing refers to what is not there yet.
TABLES = {
    "default": (
        "registry_entity",
        "cases_casenumber",
        "cases_case",
        "exchange_evidence",
        "exchange_exchange",
        "exchange_attempt",
        "exchange_depositorder",
        "cases_requirement",
        "cases_decision",
        "cases_certificate",
        "cases_task",
        "ledger_pseudonym",
        "ledger_logentry",
        "ledger_entrydetails",
    ),
    "departments": ("departments_record", "departments_call", "departments_hubcopy"),
}
# What becomes of a column in copy number n; all others stay as they are.
KEY = "{0} + n * {step}"
REFERENCE = "n || {0}"
NUMBER = "regexp_replace({0}, '([0-9]{{6}})$', n || '\\1')"
# As companies.py names them: by licence number, or by address.
NAMED = "replace({0}, 'FAK', lpad(n::text, 3, '0'))"
COMPANY = f"replace({NAMED}, '示例路', '示例路' || n || '-')"
CASE = "CASE {0} WHEN '' THEN '' ELSE n || {0} END"
EXCHANGE = "CASE {0} WHEN '' THEN '' ELSE md5(n || {0}) END"
COLUMNS = {
    **dict.fromkeys(["id", "case_id", "entity_id", "evidence_id"], KEY),
    **dict.fromkeys(["exchange_id", "entry_id"], KEY),
    **dict.fromkeys(["reference", "reply_key"], REFERENCE),
    **dict.fromkeys(["uscc", "entity", "owner", "opened_by"], COMPANY),
    **dict.fromkeys(["subject", "subject_key", "clear"], COMPANY),
    "number": NUMBER,
    "case": CASE,
    "exchange": EXCHANGE,
    "public_id": "md5(n || {0})",
}
CLEAR = COMPANY.format("clear")
LEAF = (
    "replace(replace(leaf,"
    """ '"case":"' || "case" || '"', '"case":"' || {case} || '"'),"""
    """ '"exchange":"' || exchange || '"', '"exchange":"' || {exchange} || '"')"""
).format(case=CASE.format('"case"'), exchange=EXCHANGE.format("exchange"))
SPECIAL = {
    ("ledger_pseudonym", "pseudonym"): (
        f"encode(sha256(salt || convert_to({CLEAR}, 'UTF8')), 'hex')"
    ),
    ("ledger_logentry", "leaf"): LEAF,
    ("ledger_logentry", "leaf_hash"): (
        f"sha256('\\x00'::bytea || convert_to({LEAF}, 'UTF8'))"
    ),
    ("exchange_attempt", "number"): "number",
    ("departments_hubcopy", "key"): "md5(n || key) || md5(key)",
}
# What was there before any case (staff and their roles) is not multiplied.
OF_CASES = {
    "ledger_logentry": "\"case\" <> ''",
    "ledger_entrydetails": (
        "entry_id IN (SELECT id FROM ledger_logentry WHERE \"case\" <> '')"
    ),
    "ledger_pseudonym": "clear NOT LIKE 'account:%'",
}
MULTIPLY = (
    "INSERT INTO {table} ({columns}) SELECT {values}"
    " FROM {table}, generate_series(1, {copies}) AS n WHERE {of_cases} ORDER BY n"
)
GO_ON = (
    "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM"
    " {table}))"
)
PENDING = """
INSERT INTO ledger_pendingentries (first_id, entry_ids, hashes)
SELECT min(id), string_agg(int8send(id), '' ORDER BY id),
 string_agg(leaf_hash, '' ORDER BY id)
FROM ledger_logentry WHERE id > %s GROUP BY id / 256
"""


def multiply(factor: int) -> None:
    """Let both databases hold so many times the rows that cases have left in them."""
    logged = LogEntry.objects.latest("pk").pk
    for alias, tables in TABLES.items():
        with connections[alias].cursor() as cursor:
            cursor.execute("SET work_mem = '256MB'")
            keys = {table: _columns(cursor, table) for table in tables}
            step = max(_newest(cursor, t) for t in tables if "id" in keys[t])
            for table, columns in keys.items():
                _multiply(cursor, table, columns, copies=factor - 1, step=step)
    with connections["default"].cursor() as cursor:
        cursor.execute(PENDING, [logged])
    while sequence_pending(now=timezone.now()):
        pass


def rows_kept() -> int:
    """Return how many rows cases have here, and put the tables' statistics right."""
    kept = 0
    for alias, tables in TABLES.items():
        with connections[alias].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
            for table in tables:
                of_cases = OF_CASES.get(table, "true")
                cursor.execute(f"SELECT count(*) FROM {table} WHERE {of_cases}")
                kept += cursor.fetchone()[0]
    return kept


def _columns(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(f"SELECT * FROM {table} LIMIT 0")
    return [column.name for column in cursor.description or ()]


def _newest(cursor: CursorWrapper, table: str) -> int:
    cursor.execute(f"SELECT max(id) FROM {table}")
    return int(cursor.fetchone()[0] or 0)


def _multiply(
    cursor: CursorWrapper, table: str, columns: list[str], *, copies: int, step: int
) -> None:
    special = {name: text for (of, name), text in SPECIAL.items() if of == table}
    written = {name: COLUMNS.get(name, "{0}") for name in columns}
    values = [
        special.get(name) or text.format(f'"{name}"', step=step)
        for name, text in written.items()
    ]
    cursor.execute(
        MULTIPLY.format(
            table=table,
            columns=", ".join(f'"{name}"' for name in columns),
            values=", ".join(values),
            copies=copies,
            of_cases=OF_CASES.get(table, "true"),
        )
    )
    if "id" in columns:
        cursor.execute(GO_ON.format(table=table))
