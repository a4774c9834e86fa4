"""A log of any length, made by the server itself: entries, tree and checkpoints."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from services.ledger.models import LogEntry, TreeHead
from services.ledger.operations.sequence import sequence_pending
from services.ledger.operations.sign import sign_newest
from services.ledger.signing import log_signer
from services.ledger.witness import log_witness

AT_ONCE = 500_000  # entries: one statement's worth
COMPANIES = 1_000
CASES_OF = 20  # entries
OFFICES = 40
RARE_OFFICE = "office-rare"
ACTORS = ("worker", "beat", "retired", "visitor")

CLEAR = f"'entity:' || lpad((n %% {COMPANIES})::text, 18, '0')"
# Made in SQL, since Python would take minutes.
PSEUDONYMS = f"""
INSERT INTO ledger_pseudonym (clear, label, salt, pseudonym)
SELECT clear, '', salt, encode(sha256(salt || convert_to(clear, 'UTF8')), 'hex')
FROM (SELECT {CLEAR} AS clear, int8send(n) || int8send(n) AS salt
 FROM generate_series(0::bigint, %s - 1) AS n) AS named
ON CONFLICT DO NOTHING
"""
# What is frequent, rare and long gone, each among the others.
ACTOR = """
CASE WHEN n < 250000 AND n %% 2 = 0 THEN 'retired' WHEN n %% 50000 = 1 THEN 'visitor'
 WHEN n %% 8 = 3 THEN 'beat' ELSE 'worker' END
"""
OFFICE = f"""
CASE WHEN n %% 100000 = 5 THEN '{RARE_OFFICE}'
 ELSE 'office-' || floor({OFFICES} * power(n * 7919 %% 1000 / 1000.0, 3)) END
"""
CODE = """
CASE WHEN n %% 40000 = 3 THEN 'maintenance' WHEN n %% 4 = 3 THEN 'timeout' ELSE '' END
"""
PURPOSE = "CASE WHEN n %% 60000 = 11 THEN '核查' ELSE '办理' END || '食品经营许可'"
ENTRIES = f"""
INSERT INTO ledger_logentry
 (leaf, leaf_hash, type, at, office, "case", exchange, subject, actor, outcome, code)
SELECT leaf, sha256('\\x00'::bytea || convert_to(leaf, 'UTF8')), type, at, office,
 reference, exchange, subject, actor, outcome, code
FROM (
 SELECT *, '{{"actor":{{"id":"' || actor || '","kind":"system","role":"system"}},"at":"'
  || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
  || '","basis":"食品安全法第35条","case":"' || reference || '","code":"' || code
  || '","details":"","exchange":"' || exchange || '","office":"' || office
  || '","outcome":"' || outcome || '","purpose":"' || purpose || '","subject":"'
  || subject || '","type":"' || type || '","v":1}}' AS leaf
 FROM (
  SELECT n, timestamptz '2026-01-01' + n * interval '1 second' AS at,
   'S' || n / {CASES_OF} AS reference, md5(n::text) AS exchange,
   (ARRAY['FOUND', 'FOUND', 'NOT_FOUND', 'UNAVAILABLE'])[1 + n %% 4] AS outcome,
   (ARRAY['exchange.answered', 'exchange.intended', 'case.moved'])[1 + n %% 3] AS type,
   {ACTOR} AS actor, {OFFICE} AS office,
   {CODE} AS code, {PURPOSE} AS purpose,
   (SELECT pseudonym FROM ledger_pseudonym
    WHERE clear = {CLEAR}) AS subject
  FROM generate_series(%s::bigint, %s::bigint) AS n
 ) AS parts
) AS made
"""
PENDING = """
INSERT INTO ledger_pendingentries (first_id, entry_ids, hashes)
SELECT min(id), string_agg(int8send(id), '' ORDER BY id),
 string_agg(leaf_hash, '' ORDER BY id)
FROM ledger_logentry WHERE id > %s GROUP BY id / 256
"""


def pile_up(size: int) -> None:
    """Let the log have so many entries, placed and signed; statistics are fresh."""
    with connection.cursor() as cursor:
        cursor.execute(PSEUDONYMS, [COMPANIES])
        while (there := _size()) < size:
            newest = LogEntry.objects.order_by("-pk").first()
            cursor.execute(ENTRIES, [there, min(size, there + AT_ONCE) - 1])
            cursor.execute(PENDING, [newest.pk if newest else 0])
            while sequence_pending(now=timezone.now(), owner="benchmark"):
                sign_newest(
                    signer=log_signer(), witness=log_witness(), now=timezone.now()
                )
        cursor.execute("VACUUM ANALYZE")


def _size() -> int:
    head = TreeHead.objects.order_by("-size").first()
    return head.size if head else 0
