"""Addresses of the API."""

from django.urls import include, path

from services.api import cases, sign_ins

v1 = [
    path("sign-ins", sign_ins.StartSignIn.as_view(), name="sign_ins"),
    path("sign-ins/demo", sign_ins.DemoSignIn.as_view(), name="demo_sign_in"),
    path("sign-ins/<handle>", sign_ins.ConfirmSignIn.as_view(), name="sign_in"),
    path("cases", cases.Cases.as_view(), name="cases"),
    path("cases/<number>", cases.CaseDetail.as_view(), name="case"),
]

app_name = "api"
urlpatterns = [path("api/v1/", include(v1))]
