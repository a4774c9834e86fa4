"""Addresses of the desk."""

from django.urls import path

from services.web.clerk import case, inbox, questions, requests

urlpatterns = [
    path("", inbox.inbox, name="desk"),
    path("requests/", requests.request_list, name="desk_requests"),
    path("requests/<int:pk>/", requests.close, name="desk_request"),
    path("questions/", questions.question_list, name="desk_questions"),
    path("questions/<int:pk>/", questions.reply, name="desk_question"),
    path("cases/<str:number>/", case.case_page, name="desk_case"),
    path("cases/<str:number>/live/", case.case_live, name="desk_case_live"),
    path("cases/<str:number>/<slug:action>/", case.act, name="desk_act"),
]
