"""Addresses of the log, as c2sp.org/tlog-tiles has them."""

from django.urls import path

from services.web.log import views

urlpatterns = [
    path("checkpoint", views.checkpoint, name="log_checkpoint"),
    path("tile/entries/<path:number>", views.entries, name="log_entries"),
    path("tile/<path:tile>", views.hashes, name="log_tile"),
]
