"""Two departments: one with a district office, one without."""

import pytest

from services.catalogue.models import Department, Office


@pytest.fixture
def offices(db):
    for code in ("oak", "elm"):
        department = Department.objects.create(
            code=code, name=code, name_en=code, full_name=code, system="", duty_phone=""
        )
        Office.objects.create(code=code, department=department, name=f"{code} city")
    Office.objects.create(
        code="oak-330106", department_id="oak", district="330106", name="oak Xihu"
    )
