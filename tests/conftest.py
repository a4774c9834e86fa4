"""Fixtures that every test may use, and what makes the databases fit for tests."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db import connections
from django.utils import translation
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import blocking_manager_key

from onelicense.celery import app as celery_app
from onelicense.stack import Stack
from services.ledger.operations import name
from tests import databases
from tests.browsing import CHROMIUM, running_browser
from tests.clock import NOON
from tests.stack import running_stack

TRANSACTIONAL = {"transactional_db", "live_server", "stack", "page"}


def pytest_configure() -> None:
    """Ring no bell of this machine; the same examples each time, unless for long."""
    celery_app.conf.broker_url = "memory://"
    hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
    hypothesis.settings.register_profile("long", deadline=None, max_examples=2000)
    hypothesis.settings.load_profile("same")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Open both databases to every test that opens one."""
    mark = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    if mark is None and not fixtures & (TRANSACTIONAL | {"db", "catalogue"}):
        return
    options = {"databases": "__all__"} | (dict(mark.kwargs) if mark else {})
    if fixtures & TRANSACTIONAL:
        options["transaction"] = True
    item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run those with the catalogue after those without: it moves in once."""
    items.sort(key=_wants_catalogue)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before the test's transaction: have the catalogue in the database, or not."""
    if item.get_closest_marker("django_db"):
        with item.config.stash[blocking_manager_key].unblock():
            databases.set_catalogue(wanted=_wants_catalogue(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Before a test's flush: drop the append-only triggers."""
    mark = item.get_closest_marker("django_db")
    flushes = bool(mark and mark.kwargs.get("transaction"))
    if flushes:
        databases.drop_triggers()
    yield
    if flushes:
        databases.flushed()


def _wants_catalogue(item: pytest.Item) -> bool:
    return "catalogue" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Put SQLite's test databases into files: a worker process can open them too."""
    folder = tmp_path_factory.mktemp("databases")
    for alias in connections:
        connection = connections[alias]
        if connection.vendor == "sqlite":
            name = str(folder / f"{alias}.sqlite3")
            connection.settings_dict["TEST"]["NAME"] = name


@pytest.fixture(scope="session", autouse=True)
def _upload_dir(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what tests upload out of the clone."""
    settings.UPLOAD_DIR = tmp_path_factory.mktemp("uploads")
    settings.LOG_KEY = tmp_path_factory.mktemp("log") / "key.pem"
    settings.PROOF_GRACE = None  # tests move the clock by days, and nobody signs


@pytest.fixture(autouse=True)
def _own_witness(tmp_path: Path) -> None:
    """Let no test's log meet the memory of another's."""
    settings.WITNESS = tmp_path / "witness"


@pytest.fixture(autouse=True)
def _own_names() -> Generator[None, None, None]:
    """Let no test remember another's names: here commits are rolled back."""
    yield
    name.memories.clear()


@pytest.fixture(autouse=True)
def _no_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no samples by chance: which case is one depends on a random reference."""
    monkeypatch.setattr("services.cases.operations.decide.SAMPLE_EVERY", 2**40)


@pytest.fixture(autouse=True)
def _own_language() -> Generator[None, None, None]:
    """Leave no request's language behind: the thread keeps it after the answer."""
    yield
    translation.deactivate()


@pytest.fixture
def stack(transactional_db, tmp_path: Path) -> Generator[Stack, None, None]:
    """Have broker, worker, beat and sequencer at work on the test's databases."""
    with running_stack(tmp_path / "stack") as running:
        yield running


@pytest.fixture(scope="session")
def _loaded_catalogue(django_db_setup, django_db_blocker) -> None:
    from services.catalogue.operations.load import load_catalogue

    with django_db_blocker.unblock():
        load_catalogue(directory=Path(settings.CATALOGUE_DIR), now=NOON)
        databases.remember_catalogue()


@pytest.fixture
def catalogue(_loaded_catalogue, db) -> None:
    """Have the project's own catalogue of 251 items in the database."""


@pytest.fixture(scope="session")
def browser() -> Generator[Browser, None, None]:
    """Have a browser; without one say which package would bring it."""
    if not CHROMIUM.exists():
        pytest.skip(
            f"no {CHROMIUM}; on Debian: apt-get install chromium fonts-noto-cjk"
        )
    with running_browser() as running:
        yield running


@pytest.fixture
def page(
    browser: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> Generator[Page, None, None]:
    """Have a fresh window of 1366x768 whose relative addresses are our server's."""
    # Playwright keeps an event loop in this thread, which Django takes for async code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    context = browser.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        viewport={"width": 1366, "height": 768},
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
