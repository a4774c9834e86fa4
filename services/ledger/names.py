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
    company = pseudonyms_of(f"entity:{licence}", f"other_entity:{licence}")
    about = LogEntry.objects.filter(subject__in=pseudonyms_of(f"entity:{licence}"))
    cases = about.exclude(case="").values("case")
    inside = Q(case__in=cases) | Q(subject__in=company)
    here = LogEntry.objects.filter(inside)
    elsewhere = LogEntry.objects.exclude(inside)
    subjects = here.exclude(subject="").values("subject")
    applicants = here.filter(leaf__contains=APPLICANT).values("actor")
    # A look at the log itself has no case; whoever signs out has no subject either.
    shared = elsewhere.filter(subject__in=subjects).exclude(case="")
    others = elsewhere.filter(actor__in=applicants).exclude(case="", subject="")
    known = Pseudonym.objects.filter(
        Q(pseudonym__in=subjects) | Q(pseudonym__in=applicants)
    ).exclude(
        Q(pseudonym__in=shared.values("subject"))
        | Q(pseudonym__in=others.values("actor"))
    )
    return sorted(
        {
            *known.values_list("clear", flat=True),
            *Pseudonym.objects.filter(pseudonym__in=company).values_list(
                "clear", flat=True
            ),
        }
    )
