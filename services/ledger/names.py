"""Which names in the log belong to one company alone."""

from __future__ import annotations

from django.db.models import Q

from services.ledger.explore import pseudonyms_of
from services.ledger.models import LogEntry, Pseudonym

# Quotes within a text are escaped: only the members themselves can look like this.
APPLICANT = '"kind":"human","role":"applicant"}'


def names_of_company(licence: str) -> list[str]:
    """
    Return under which names the log knows a company, sorted; none if it does not.

    With it stand what only its cases are about (premises, persons, vehicles), and the
    applicants who acted for it and for nobody else.
    """
    applying = pseudonyms_of(f"entity:{licence}")
    itself = {*applying, *pseudonyms_of(f"other_entity:{licence}")}
    entries = LogEntry.objects
    cases = {
        *entries.filter(subject__in=applying)
        .exclude(case="")
        .values_list("case", flat=True)
    }
    inside = Q(case__among=cases) | Q(subject__in=itself)
    here = entries.filter(inside)
    subjects = {*here.exclude(subject="").values_list("subject", flat=True)}
    applied = here.filter(leaf__contains=APPLICANT)
    applicants = {*applied.values_list("actor", flat=True)}
    # A look at the log itself has no case; whoever signs out has no subject either.
    shared = entries.filter(subject__among=subjects - itself).exclude(case="")
    others = entries.filter(actor__among=applicants).exclude(case="", subject="")
    kept = {
        *shared.exclude(inside).values_list("subject", flat=True),
        *others.exclude(inside).values_list("actor", flat=True),
    }
    alone = itself | subjects | applicants
    known = Pseudonym.objects.filter(pseudonym__among=alone - kept)
    return sorted(known.values_list("clear", flat=True))
