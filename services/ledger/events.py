"""The closed list of event types. Extend it only together with docs/log-format.md."""

from __future__ import annotations

EVENT_TYPES = frozenset(
    {
        # drafts and cases
        "draft.authorised",
        "case.filed",
        "case.accepted",
        "case.moved",
        "case.decided",
        "case.delivered",
        "case.voided",
        "answer.confirmed",
        "inspection.recorded",
        "fee.paid",
        # asking departments
        "exchange.intended",
        "exchange.answered",
        "exchange.reused",
        "exchange.presumed",
        "exchange.refused",
        "exchange.quarantined",
        # results
        "certificate.issued",
        "certificate.deposited",
        "certificate.revoked",
        # what the applicant is told, and says
        "correction.requested",
        "correction.answered",
        "correction.lapsed",
        "assist.requested",
        "assist.answered",
        "assist.closed",
        "dispute.opened",
        "dispute.answered",
        "dispute.closed",
        "commitment.made",
        "commitment.checked",
        "commitment.breached",
        "upload.added",
        "upload.viewed",
        "paper.served",
        # looks
        "entity.viewed",
        "evidence.viewed",
        "log.viewed",
        "log.exported",
        "log.forgotten",
        "access.asked",
        "access.answered",
        # people and keys
        "signin.requested",
        "signin.succeeded",
        "signin.failed",
        "signin.ended",
        "account.created",
        "account.changed",
        "account.granted",
        "account.revoked",
        "account.disabled",
        "key.created",
        "key.used",
        "key.rotated",
        "key.revoked",
        # time
        "clock.started",
        "clock.paused",
        "clock.resumed",
        "clock.extended",
        "clock.overdue",
        "clock.supervised",
        "clock.stopped",
        # running the place
        "department.switched",
        "message.reissued",
        "catalogue.published",
        "simulation.run",
    }
)
