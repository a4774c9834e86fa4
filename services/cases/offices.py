"""Which office is competent for a case."""

from __future__ import annotations

from services.cases.models import Case
from services.cases.planning.office import competent_office_key
from services.cases.plans import case_definition, case_fields
from services.catalogue.models import Office
from services.catalogue.queries import districts, office_for
from services.registry.queries import registry_facts


def competent_office(case: Case) -> Office:
    """Return the office that the item's rule of jurisdiction names."""
    definition = case_definition(case)
    codes = {
        district.name: district.successor or district.code
        for district in districts().values()
    }
    department, district = competent_office_key(
        definition, case_fields(case), registry_facts(case.entity), codes
    )
    return office_for(department, district, definition.authority_level)
