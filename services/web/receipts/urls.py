"""Addresses of papers and receipts; they stand on paper, so they are kept for ever."""

from django.urls import path

from services.web.receipts import papers, views

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:number>", views.verify_one, name="verify_one"),
    path("receipts/<str:number>.tlog-proof", views.download, name="receipt"),
    path("receipts/growth/<int:old>", views.growth, name="growth"),
    path("cases/<str:number>/papers/<slug:kind>/", papers.paper, name="paper"),
]
