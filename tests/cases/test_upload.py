"""Papers: only the applicant's own, known by their content, kept outside the web."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from services.cases.applying import applicant_of
from services.cases.demo_paper import demo_paper
from services.cases.models import Case, Upload
from services.cases.operations.draft import open_draft
from services.cases.operations.upload import (
    LARGEST,
    add_upload,
    content_type_of,
    stored_path,
    view_upload,
)
from services.cases.transitions import NotYourOffice
from services.catalogue.models import Material
from services.catalogue.queries import current_version
from services.common.errors import InvalidInput
from services.ledger.queries import entries_of_case
from tests.clock import NOON

FLOOR_PLAN, LICENCE = "M101", "M001"


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


@pytest.fixture
def draft(company) -> Case:
    return open_draft(
        entity=company,
        item_version=current_version("HZ-004"),
        actor=applicant_of(company),
        now=NOON,
    )


def add(draft: Case, material: str, content: bytes, name: str = "plan.pdf") -> Upload:
    return add_upload(
        case=draft,
        material=material,
        file_name=name,
        content=content,
        actor=applicant_of(draft.entity),
        now=NOON,
    )


@pytest.mark.parametrize(
    ("content", "known_as"),
    [
        (demo_paper("M101"), "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (zipped("OFD.xml"), "application/ofd"),
        (zipped("word/document.xml"), "wordprocessingml.document"),
        (zipped("xl/workbook.xml"), "spreadsheetml.sheet"),
        (zipped("evil.exe"), ""),
        (b"PK\x03\x04 broken", ""),
        (zipped("word/document.xml").replace(b"\x14\x03\x14", b"\x14\x03\xff"), ""),
        (b"MZ\x90\x00", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_a_type_is_known_by_its_content(content: bytes, known_as: str):
    assert content_type_of(content).endswith(known_as)
    assert bool(content_type_of(content)) == bool(known_as)


class TestAddUpload:
    def test_keeps_a_paper_outside_the_web_root(self, draft):
        upload = add(draft, FLOOR_PLAN, demo_paper(FLOOR_PLAN), name="../../plan.pdf")

        assert upload.file_name == "plan.pdf"
        path = stored_path(upload.stored_as)
        assert path.read_bytes() == demo_paper(FLOOR_PLAN)
        assert not path.is_relative_to(settings.STATIC_ROOT)

    def test_keeps_the_same_paper_once(self, draft):
        first = add(draft, FLOOR_PLAN, demo_paper(FLOOR_PLAN))

        assert add(draft, FLOOR_PLAN, demo_paper(FLOOR_PLAN)).pk == first.pk

    @pytest.mark.parametrize(
        ("material", "content", "code"),
        [
            (LICENCE, demo_paper("M001"), "government_issued"),
            ("M777", demo_paper("M777"), "unknown_material"),
            (FLOOR_PLAN, b"", "empty_file"),
            (FLOOR_PLAN, b"just text", "wrong_file_type"),
            (FLOOR_PLAN, b"%PDF-" + b"x" * LARGEST, "file_too_large"),
        ],
    )
    def test_says_what_is_wrong(self, draft, material, content, code):
        with pytest.raises(InvalidInput) as caught:
            add(draft, material, content)

        [problem] = caught.value.problems
        assert problem.code == code
        assert problem.pointer == f"/materials/{material}"
        assert not Upload.objects.exists()

    def test_is_not_for_somebody_else(self, draft, other_company):
        with pytest.raises(NotYourOffice):
            add_upload(
                case=draft,
                material=FLOOR_PLAN,
                file_name="a.pdf",
                content=demo_paper("M101"),
                actor=applicant_of(other_company),
                now=NOON,
            )

    def test_logs_a_look(self, draft):
        upload = add(draft, FLOOR_PLAN, demo_paper(FLOOR_PLAN))

        view_upload(upload=upload, actor=applicant_of(draft.entity), now=NOON)

        types = [line.type for line in entries_of_case(draft.reference)]
        assert types[-2:] == ["upload.added", "upload.viewed"]


class TestTheDatabaseItself:
    def row(self, draft: Case, material: str) -> Upload:
        return Upload(
            case=draft,
            material_code=material,
            file_name="a.pdf",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            stored_as="0" * 64,
            added_by="somebody",
            added_at=NOON,
        )

    def test_refuses_every_government_issued_material(self, draft):
        codes = Material.objects.filter(kind="government_issued").values_list(
            "code", flat=True
        )
        for code in codes:
            with pytest.raises(IntegrityError), transaction.atomic():
                self.row(draft, code).save()

        assert len(codes) == 104
        assert not Upload.objects.exists()

    def test_refuses_to_turn_an_own_paper_into_one(self, draft):
        upload = self.row(draft, FLOOR_PLAN)
        upload.save()

        with pytest.raises(IntegrityError), transaction.atomic():
            Upload.objects.filter(pk=upload.pk).update(material_code=LICENCE)

    def test_refuses_what_no_catalogue_knows(self, draft):
        with pytest.raises(IntegrityError), transaction.atomic():
            self.row(draft, "M999").save()
