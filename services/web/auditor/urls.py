"""Addresses of the auditor."""

from django.urls import path

from services.web.auditor import entry, log, questions
from services.web.auditor.exports import views as exports

urlpatterns = [
    path("", log.log_list, name="audit"),
    path("entries/<int:pk>/", entry.log_entry, name="audit_entry"),
    path("questions/", questions.all_questions, name="audit_questions"),
    path("questions/<slug:code>/", questions.one_question, name="audit_question"),
    path(
        "questions/<slug:code>/export.<str:ending>",
        exports.answers,
        name="audit_question_export",
    ),
    path("export/tiles.zip", exports.tiles, name="audit_tiles"),
    path("export/log.<str:ending>", exports.entries, name="audit_export"),
]
