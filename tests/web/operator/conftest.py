"""The operator in front of the desk that runs the place."""

from __future__ import annotations

import pytest

from tests.web.conftest import as_staff


@pytest.fixture
def operator(staffed):
    return as_staff("operator")


@pytest.fixture
def htmx():
    """Have what htmx says with each request of its own."""
    return {"HX-Request": "true"}
