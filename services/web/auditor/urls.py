"""Addresses of the auditor."""

from django.urls import path

from services.web.auditor import entry, log, questions

urlpatterns = [
    path("", log.log_list, name="audit"),
    path("entries/<int:pk>/", entry.log_entry, name="audit_entry"),
    path("questions/", questions.all_questions, name="audit_questions"),
    path("questions/<slug:code>/", questions.one_question, name="audit_question"),
]
