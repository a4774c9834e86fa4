"""What is known about the materials of one case, by material. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from services.cases.planning.index import Index
from services.cases.planning.plan import Knowledge, Known
from services.cases.planning.subjects import entity_subject, subjects_of
from services.common.subjects import Subject

FOUND = "FOUND"
NOT_FOUND = "NOT_FOUND"
UNKNOWN = Known()

Record = Mapping[str, str]


class Evidence:
    """Answers of departments, looked up by material with the subjects of this form."""

    def __init__(
        self,
        index: Index,
        *,
        known: Knowledge,
        fields: Mapping[str, str],
        registry: Mapping[str, str],
    ) -> None:
        self._index = index
        self._known = known
        self._fields = fields
        self._registry = registry
        self._subjects: dict[str, tuple[Subject, ...]] = {}

    def subjects(self, material: str) -> tuple[Subject, ...]:
        """Return what the evidence of a material is about, at least one subject."""
        subjects = self._subjects.get(material)
        if subjects is None:
            subjects = self._subjects[material] = self._read_subjects(material)
        return subjects

    def known(self, material: str, subject: Subject) -> Known:
        """Return what is known about a material and subject."""
        return self._known.get((material, subject), UNKNOWN)

    def records(self, material: str) -> list[Record]:
        """Return every record that was found, over all subjects."""
        if not self._known:
            return []
        return [
            record
            for subject in self.subjects(material)
            for known in (self.known(material, subject),)
            if known.outcome == FOUND
            for record in known.records
        ]

    def absent(self, material: str) -> bool:
        """Return whether the department is sure that there is no record at all."""
        return all(
            self.known(material, subject).outcome == NOT_FOUND
            for subject in self.subjects(material)
        )

    def _read_subjects(self, material: str) -> tuple[Subject, ...]:
        link = self._index.definition.links.get(material)
        if link is None:
            return (entity_subject(self._registry),)
        return subjects_of(
            link,
            fields=self._fields,
            registry=self._registry,
            several=link.subject_field in self._index.lists,
        )
