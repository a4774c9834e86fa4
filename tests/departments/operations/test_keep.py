"""Records go in and out many at a time."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from services.departments.models import Record
from services.departments.operations.keep import (
    clear_records,
    drop_records,
    keep_records,
)
from tests.factories.departments import COMPANY, OTHER_COMPANY, RecordFactory

pytestmark = pytest.mark.django_db(databases="__all__")


def test_many_records_are_few_statements() -> None:
    records = RecordFactory.build_batch(300)

    with CaptureQueriesContext(connections["departments"]) as queries:
        kept = keep_records(records=iter(records))

    assert kept == Record.objects.count() == 300
    assert len(queries) < 20


def test_a_number_is_kept_once_for_its_subject() -> None:
    record = RecordFactory.build(number="JY1")
    keep_records(records=[record])

    keep_records(records=[RecordFactory.build(number="JY1", holder_name="x")])

    assert [r.holder_name for r in Record.objects.all()] == [record.holder_name]


def test_dropping_takes_one_material_of_one_company() -> None:
    RecordFactory(material="M004")
    RecordFactory(material="M005")
    RecordFactory(material="M004", entity=OTHER_COMPANY)

    assert drop_records(entity=COMPANY, material="M004") == 1
    assert Record.objects.count() == 2


def test_dropping_may_take_all_of_a_company() -> None:
    RecordFactory(material="M004")
    RecordFactory(material="M005")

    assert drop_records(entity=COMPANY) == 2


def test_clearing_leaves_nothing() -> None:
    RecordFactory.create_batch(3)

    assert clear_records() == 3
    assert not Record.objects.exists()
