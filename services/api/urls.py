"""Addresses of the API."""

from django.urls import include, path, re_path

from services.api import answers, cases, sign_ins
from services.api.view import NoSuchAddress

v1 = [
    path("sign-ins", sign_ins.StartSignIn.as_view(), name="sign_ins"),
    path("sign-ins/demo", sign_ins.DemoSignIn.as_view(), name="demo_sign_in"),
    path("sign-ins/<handle>", sign_ins.ConfirmSignIn.as_view(), name="sign_in"),
    path("cases", cases.Cases.as_view(), name="cases"),
    path("cases/<number>", cases.CaseDetail.as_view(), name="case"),
]

app_name = "api"
urlpatterns = [
    path("api/v1/", include(v1)),
    path("exchange/answers", answers.Answers.as_view(), name="answers"),
    re_path(r"^api/", NoSuchAddress.as_view()),
]
