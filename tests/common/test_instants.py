"""Times from PostgreSQL are read in C, and are what Django's loader gives."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from services.common.instants import UtcLoader, fast

pytestmark = pytest.mark.django_db


def read(literal: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT timestamptz '{literal}'")
        return cursor.fetchone()[0]


@pytest.fixture(autouse=True)
def _postgresql() -> None:
    if connection.vendor != "postgresql" or not fast:
        pytest.skip("times of PostgreSQL, read with psycopg's C")


def test_a_time_comes_in_utc_whatever_zone_it_was_written_in():
    found = read("2026-11-24 10:00:00.123456+08")

    assert found == datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)
    assert found.tzinfo is UTC


def test_every_connection_reads_so():
    loader = connection.connection.adapters.get_loader(1184, 0)

    assert loader is UtcLoader
