"""What a form may hold, and how departments behave."""

import pytest

from services.common.subjects import subject_key
from services.departments.queries import known_subjects, profiles
from tests.factories.departments import (
    COMPANY,
    OTHER_COMPANY,
    ProfileFactory,
    RecordFactory,
)

pytestmark = pytest.mark.django_db


class TestKnownSubjects:
    def test_reads_staff_as_name_and_id_and_means_the_same_subject(self):
        key = subject_key("person", "张三 33010619900101123x")
        RecordFactory(subject_kind="person", subject_key=key)

        assert known_subjects(COMPANY)["person"] == ["张三 33010619900101123X"]
        assert subject_key("person", known_subjects(COMPANY)["person"][0]) == key

    def test_names_each_vehicle_of_this_company_once(self):
        RecordFactory(subject_kind="vehicle", subject_key="浙A12345")
        RecordFactory(subject_kind="vehicle", subject_key="浙A12345", material="M056")
        RecordFactory(
            subject_kind="vehicle", subject_key="浙A99999", entity=OTHER_COMPANY
        )

        assert known_subjects(COMPANY)["vehicle"] == ["浙A12345"]


def test_profiles_come_by_code():
    ProfileFactory(department="wsjk")
    ProfileFactory(department="scjg")

    assert [profile.department for profile in profiles()] == ["scjg", "wsjk"]
