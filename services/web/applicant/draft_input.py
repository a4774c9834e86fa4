"""What somebody typed into a draft's form, as the operations take it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from services.cases.operations.filing import Filing
from services.cases.planning.plan import Plan
from services.catalogue.definition import Definition

NOTHING = ""  # a marker field says that a group of boxes was shown


class DraftInput(NamedTuple):
    """Answers, fields and papers of one post."""

    answers: Mapping[str, list[str]]
    fields: Mapping[str, str]
    commitments: tuple[str, ...]
    deferred: tuple[str, ...]
    papers: Mapping[str, UploadedFile[bytes]]

    def filing(self, *, key: str, insist: bool) -> Filing:
        """Return the filing that this input asks for."""
        return Filing(
            answers=self.answers,
            fields=self.fields,
            commitments=self.commitments,
            deferred=self.deferred,
            key=key,
            insist=insist,
        )


def read_input(request: HttpRequest, definition: Definition, plan: Plan) -> DraftInput:
    """
    Return what was typed and what differs from the prefilled form.

    A value that stands as data filled it in was not stated by the applicant, and an
    answer that the form did not show is left as it was.
    """
    posted = request.POST
    return DraftInput(
        answers={
            q.code: [text for text in posted.getlist(f"a-{q.code}") if text]
            for q in definition.questions
            if f"a-{q.code}" in posted or f"shown-{q.code}" in posted
        },
        fields=_fields(request, definition, plan),
        commitments=tuple(posted.getlist("commit")),
        deferred=tuple(posted.getlist("defer")),
        papers={
            name.removeprefix("u-"): paper
            for name, paper in request.FILES.items()
            if name.startswith("u-") and isinstance(paper, UploadedFile)
        },
    )


def _fields(request: HttpRequest, definition: Definition, plan: Plan) -> dict[str, str]:
    filled = {
        f.code: f.value for f in plan.fields if f.source not in {"stated", NOTHING}
    }
    typed = {
        field.code: "|".join(
            text.strip() for text in request.POST.getlist(f"f-{field.code}") if text
        )
        for field in definition.fields
        if f"f-{field.code}" in request.POST
    }
    return {code: value for code, value in typed.items() if value != filled.get(code)}


def filing_key(reference: str) -> str:
    """Return the key under which a draft is filed: a second click is the same case."""
    return "web-" + hashlib.sha256(reference.encode()).hexdigest()[:24]
