"""A paper that is still expected: its form, and what comes in by it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from services.cases.demo_paper import demo_paper
from services.cases.models import Case
from tests.factories.cases import with_a_paper_to_follow
from tests.web.conftest import as_applicant

KEY_UNIT, APPOINTMENT = "HZ-230", "M106"


@pytest.fixture
def owner(company):
    return as_applicant(company)


def supply(browser, case: Case, material: str, content: bytes):
    paper = SimpleUploadedFile("later.pdf", content)
    return browser.post(
        f"/cases/{case.number}/supply/", {"material": material, "paper": paper}
    )


def test_the_case_page_asks_for_it_and_takes_it(owner, company):
    case = with_a_paper_to_follow(company, KEY_UNIT, APPOINTMENT)
    shown = owner.get(f"/cases/{case.number}/").content.decode()
    assert f'name="material" value="{APPOINTMENT}"' in shown

    answer = supply(owner, case, APPOINTMENT, demo_paper(APPOINTMENT))

    assert answer.status_code == 302
    assert case.uploads.get().material_code == APPOINTMENT
    after = owner.get(f"/cases/{case.number}/").content.decode()
    assert 'type="file"' not in after


def test_a_government_issued_paper_is_refused_at_this_door_too(owner, company):
    case = with_a_paper_to_follow(company, KEY_UNIT, APPOINTMENT)

    answer = supply(owner, case, "M047", demo_paper("M047"))

    assert answer.status_code == 422
    assert not case.uploads.exists()


def test_a_form_without_a_file_says_so(owner, company):
    case = with_a_paper_to_follow(company, KEY_UNIT, APPOINTMENT)

    answer = owner.post(f"/cases/{case.number}/supply/", {"material": APPOINTMENT})

    assert answer.status_code == 422
    assert "请先选择文件" in answer.content.decode()
