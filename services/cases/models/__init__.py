"""Drafts and cases, what they need, who must act, and what came out."""

from services.cases.models.access import AccessQuestion
from services.cases.models.case import Case, CaseNumber, NumberSeries
from services.cases.models.outcome import Certificate, Commitment, Correction, Decision
from services.cases.models.requirement import Requirement, Upload
from services.cases.models.task import Task

__all__ = [
    "AccessQuestion",
    "Case",
    "CaseNumber",
    "Certificate",
    "Commitment",
    "Correction",
    "Decision",
    "NumberSeries",
    "Requirement",
    "Task",
    "Upload",
]
