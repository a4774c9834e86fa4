"""Addresses of the operator."""

from django.urls import path

from services.web.operator import overview, work

urlpatterns = [
    path("", overview.overview, name="ops"),
    path("work/", work.work, name="ops_work"),
    path("work/reissue/", work.reissue_parked, name="ops_reissue"),
]
