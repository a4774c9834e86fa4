"""Addresses of applicants."""

from django.urls import path

from services.web.applicant import (
    apply,
    company,
    footprint,
    guide,
    home,
    sign_in,
    tracking,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.find_items, name="find_items"),
    path("licence/check/", home.check_licence, name="check_licence"),
    path("departments/<slug:code>/", home.department_items, name="department"),
    path("life-events/<slug:code>/", home.life_event, name="life_event"),
    path("items/<str:code>/", guide.guide, name="guide"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.sign_in_code, name="sign_in_code"),
    path("sign-in/demo/", sign_in.demo_seat, name="demo_seat"),
    path("sign-out/", sign_in.leave, name="sign_out"),
    path("apply/<str:code>/", apply.apply, name="apply"),
    path("apply/<str:code>/progress/", apply.draft_progress, name="draft_progress"),
    path("my/", company.my, name="my"),
    path("my/footprint/", footprint.trail, name="footprint"),
    path("my/footprint/<int:pk>/", footprint.access, name="footprint_access"),
    path("cases/<str:number>/", tracking.track, name="case"),
    path("cases/<str:number>/live/", tracking.live, name="case_live"),
    path("cases/<str:number>/correction/", tracking.correct, name="answer_correction"),
    path("cases/<str:number>/<slug:action>/", tracking.act, name="case_act"),
    path("uploads/<int:pk>/", tracking.upload, name="upload"),
]
