"""Addresses of the auditor."""

from django.urls import path

from services.web.auditor import views

urlpatterns = [
    path("", views.log_list, name="audit"),
    path("entries/<int:pk>/", views.log_entry, name="audit_entry"),
]
