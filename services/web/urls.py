"""Addresses of the pages."""

from django.urls import include, path

from services.web import errors, health

urlpatterns = [
    path("", include("services.web.receipts.urls")),
    path("", include("services.web.applicant.urls")),
    path("desk/", include("services.web.clerk.urls")),
    path("audit/", include("services.web.auditor.urls")),
    path("ops/", include("services.web.operator.urls")),
    path("log/", include("services.web.log.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("healthz", errors.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
