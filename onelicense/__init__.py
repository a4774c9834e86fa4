"""Wiring: settings, Celery, addresses. No rule of the field lives here."""

from onelicense.celery import app as celery_app

__all__ = ["celery_app"]
