"""What every page may show: the demo mark, who acts, in which language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from services.accounts.permissions import may
from services.accounts.queries import APPLICANT
from services.web.seat import SESSION_KEY, actor_in


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context that all pages share."""
    actor = actor_in(request)
    stored = request.session.get(SESSION_KEY) if actor else None
    return {
        "demo": settings.DEMO,
        "actor": actor,
        "office_name": stored[2] if stored else "",
        "is_applicant": bool(actor) and actor is not None and actor.role == APPLICANT,
        "is_clerk": may(actor, "use_desk"),
        "is_auditor": may(actor, "see_log"),
        "is_operator": may(actor, "operate"),
    }
