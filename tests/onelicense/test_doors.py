"""The web server starts only with departments that agree with it."""

import pytest
from django.core import checks

from onelicense import wsgi


def test_who_is_contradicted_by_departments_does_not_start(monkeypatch):
    wrong = checks.Error("keys of scjg are not those in keys.json")
    monkeypatch.setattr(
        "services.departments.checks.check_agreement", lambda **_: [wrong]
    )

    with pytest.raises(SystemExit, match=r"^onelicense: keys of scjg are not those"):
        wsgi._open()
