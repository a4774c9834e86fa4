"""Addresses of the API."""

from django.urls import include, path, re_path

from services.api import (
    actions,
    answers,
    cases,
    departments,
    exchanges,
    following,
    items,
    schema,
    sign_ins,
)
from services.api.view import NoSuchAddress

v1 = [
    path("sign-ins", sign_ins.StartSignIn.as_view(), name="sign_ins"),
    path("sign-ins/demo", sign_ins.DemoSignIn.as_view(), name="demo_sign_in"),
    path("sign-ins/<str:handle>", sign_ins.ConfirmSignIn.as_view(), name="sign_in"),
    path("items", items.Items.as_view(), name="items"),
    path("items/search", items.ItemSearch.as_view(), name="item_search"),
    path("items/<str:code>", items.ItemDetail.as_view(), name="item"),
    path("items/<str:code>/plan", items.ItemPlan.as_view(), name="plan"),
    path("departments", departments.Departments.as_view(), name="departments"),
    path(
        "departments/<str:code>/fault",
        departments.DepartmentFault.as_view(),
        name="fault",
    ),
    path("exchanges", exchanges.Exchanges.as_view(), name="exchanges"),
    path("cases", cases.Cases.as_view(), name="cases"),
    path("cases/<str:number>", cases.CaseDetail.as_view(), name="case"),
    path("cases/<str:number>/timeline", following.Timeline.as_view(), name="timeline"),
    path("cases/<str:number>/deadline", following.Deadline.as_view(), name="deadline"),
    path(
        "cases/<str:number>/actions/<str:action>",
        actions.CaseAction.as_view(),
        name="action",
    ),
]

app_name = "api"
urlpatterns = [
    path("api/v1/", include(v1)),
    path("api/schema/", schema.Schema.as_view(), name="schema"),
    path("api/docs/", schema.Docs.as_view(url_name="api:schema"), name="docs"),
    path("exchange/answers", answers.Answers.as_view(), name="answers"),
    re_path(r"^api/", NoSuchAddress.as_view()),
]
