"""Which office is competent for a case."""

from __future__ import annotations

from services.cases.models import Case
from services.cases.planning.office import competent_office_key
from services.cases.planning.plan import Plan
from services.cases.plans import case_definition
from services.catalogue.models import Office
from services.catalogue.queries import districts, office_for
from services.registry.queries import registry_facts


def competent_office(case: Case, plan: Plan) -> Office:
    """Return the office that the item's rule names for the form as it stands."""
    definition = case_definition(case)
    codes = {
        district.name: district.successor or district.code
        for district in districts().values()
    }
    department, district = competent_office_key(
        definition,
        {field.code: field.value for field in plan.fields},
        registry_facts(case.entity),
        codes,
    )
    return office_for(department, district, definition.authority_level)
