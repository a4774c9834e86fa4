"""Looks at a company's data say for what and on what basis."""

from services.cases.operations.look import look_at_case
from services.cases.plans import case_definition
from services.ledger.models import LogEntry
from services.ledger.queries import entry
from tests.clock import NOON
from tests.factories.cases import filed, hold_for, open_task, person_of

ITEM = "HZ-095"


def test_a_look_at_a_case_names_its_item_and_the_law(company):
    hold_for(company, ITEM)
    case = filed(company, ITEM)

    look_at_case(case=case, actor=person_of(open_task(case, "decide")), now=NOON)

    line = entry(LogEntry.objects.get(type="evidence.viewed").pk)
    assert line.purpose == f"{ITEM} {case.item_version.item.name}"
    assert line.basis == case_definition(case).legal_basis != ""
    assert line.subject == f"entity:{company.uscc}"
