"""A worker of the version before: there is a task that it has never heard of."""

from __future__ import annotations

from onelicense.celery import app

app.loader.import_default_modules()
app.tasks.pop("cases.certificates_kept")
