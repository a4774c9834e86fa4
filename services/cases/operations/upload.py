"""Take in a paper of the applicant's own: typed by content, kept outside the web."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from services.cases.models import Case, Upload
from services.cases.operations.defer import is_expected, take_in
from services.cases.operations.effects import Effects
from services.cases.operations.lock import lock_case
from services.cases.operations.look import look_entry
from services.cases.plans import case_definition
from services.cases.transitions import DECIDED, ENDED, TransitionRefused, check_belongs
from services.catalogue.definition import GOVERNMENT_ISSUED
from services.common.actors import Actor
from services.common.errors import DomainError, InvalidInput, Problem
from services.ledger.operations.record import record

LARGEST = 20 * 1024 * 1024  # bytes
# What `zipfile` raises for a broken archive, one of an unknown version or with names
# that no charset reads.
UNREADABLE = (zipfile.BadZipFile, NotImplementedError, ValueError)
OFFICE_PARTS = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    ),
    "xl/workbook.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "OFD.xml": "application/ofd",
}
BEGINNINGS = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


class PaperGone(DomainError):
    """The row is there and the file is not: operations must look."""

    code = "paper_gone"


def content_type_of(content: bytes) -> str:
    """Return the type that the bytes show, or ""; the name counts nothing."""
    for beginning, content_type in BEGINNINGS.items():
        if content.startswith(beginning):
            return content_type
    return _zipped_type(content) if content.startswith(b"PK\x03\x04") else ""


def add_upload(
    *,
    case: Case,
    material: str,
    file_name: str,
    content: bytes,
    actor: Actor,
    now: datetime,
    demo_value: bool = False,
) -> Upload:
    """
    Keep a paper for a case; the same paper twice is kept once.

    :raises InvalidInput: wrong type, too large, empty, or not the applicant's to bring.
    :raises TransitionRefused: if the case has been decided or has ended.
    """
    content_type = content_type_of(content)
    if problem := _problem(case, material, content, content_type):
        raise InvalidInput([problem])
    digest = hashlib.sha256(content).hexdigest()
    _store(digest, content)
    with transaction.atomic():
        case = lock_case(case)
        check_belongs(actor, office=case.office_id or "", entity=case.entity.uscc)
        if case.state in DECIDED | ENDED and not is_expected(case, material):
            raise TransitionRefused(case.state)
        upload, created = Upload.objects.get_or_create(
            case=case,
            material_code=material,
            sha256=digest,
            defaults={
                "file_name": Path(file_name).name[:160],
                "content_type": content_type,
                "size": len(content),
                "stored_as": digest,
                "added_by": actor.id,
                "added_at": now,
                "demo_value": demo_value,
            },
        )
        if created:
            effects = Effects(actor=actor, now=now)
            effects.log(case, "upload.added", material=material, sha256=digest)
            take_in(effects, case, material)
            if case.state != Case.State.DRAFT:
                effects.wake(case)
            effects.flush()
    return upload


def view_upload(*, upload: Upload, actor: Actor, now: datetime) -> bytes:
    """Return a paper's bytes; every look is recorded."""
    case = upload.case
    check_belongs(actor, office=case.office_id or "", entity=case.entity.uscc)
    path = stored_path(upload.stored_as)
    if not path.exists():
        raise PaperGone(upload.stored_as)
    look = look_entry("upload.viewed", case, actor, material=upload.material_code)
    with transaction.atomic():
        record(look, at=now)
    return path.read_bytes()


def stored_path(digest: str) -> Path:
    """Return where a paper lies, outside every folder that the web server shows."""
    return Path(settings.UPLOAD_DIR) / digest[:2] / digest


def _store(digest: str, content: bytes) -> None:
    path = stored_path(digest)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)


def _problem(
    case: Case, material: str, content: bytes, content_type: str
) -> Problem | None:
    pointer = f"/materials/{material}"
    link = case_definition(case).links.get(material)
    if link is None:
        return Problem("unknown_material", _("本事项不收取该材料。"), pointer)
    if link.kind == GOVERNMENT_ISSUED:
        text = _("「%(name)s」由系统向部门核验，无需也不能上传。") % {"name": link.name}
        return Problem("government_issued", text, pointer)
    if not content:
        return Problem("empty_file", _("文件是空的，请重新选择。"), pointer)
    if len(content) > LARGEST:
        return Problem("file_too_large", _("文件超过 20 MB，请压缩后再上传。"), pointer)
    if not content_type:
        text = _("文件类型不支持：请上传 PDF、PNG、JPEG、OFD、DOCX 或 XLSX。")
        return Problem("wrong_file_type", text, pointer)
    return None


def _zipped_type(content: bytes) -> str:
    try:
        names = set(zipfile.ZipFile(BytesIO(content)).namelist())
    except UNREADABLE:
        return ""
    for part, content_type in OFFICE_PARTS.items():
        if part in names:
            return content_type
    return ""
