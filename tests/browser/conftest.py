"""What a browser in the test's own thread needs."""

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def _loop_in_this_thread() -> None:
    """
    Let Django's database be used although Playwright keeps an event loop here.

    The loop lives as long as the session's browser, so the permission does too.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
