"""Addresses of the auditor."""

from django.urls import path

from services.web.auditor import log

urlpatterns = [
    path("", log.log_list, name="audit"),
    path("entries/<int:pk>/", log.log_entry, name="audit_entry"),
]
