"""Is everything moving?"""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from services.dispatch.queries import outbox_depth
from services.web.operator.live import live
from services.web.operator.words import Headline
from services.web.seat import SeatedRequest, seated


@require_GET
@seated("operate")
def overview(request: SeatedRequest) -> HttpResponse:
    """Show in words and colours what moves and what does not."""
    context = {"outbox": outbox_depth(timezone.now())}
    headline = Headline("good", _("一切都在进行。"))
    return live(request, "overview", context, headline=headline)
