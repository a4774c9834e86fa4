"""What the form holds before anybody typed, and where it came from."""

from __future__ import annotations

from typing import Any

from services.cases.planning.plan import Known
from services.common.subjects import Subject
from tests.cases.planning.build import (
    COMPANY,
    HOME,
    PLACE,
    REGISTRY,
    definition,
    field,
    found,
    link,
    plan,
    title,
)

AREA = field("area", "decimal", prefill="evidence:M022.area")
PLATE = field("plate_no", prefill="evidence:M018.plate_no")
OF = definition(title(), fields=(PLACE, AREA))


def holds(of: Any = OF, **given: Any) -> dict[str, tuple[str, str]]:
    """Return value and source of each field."""
    return {f.code: (f.value, f.source) for f in plan(of, **given).fields}


class TestRegister:
    def test_fills_what_the_licence_says(self) -> None:
        assert holds()["place"] == (REGISTRY["registered_address"], "registry")

    def test_gives_way_to_what_was_stated(self) -> None:
        assert holds(fields={"place": "龙井路3号"})["place"] == ("龙井路3号", "stated")

    def test_a_blank_does_not_wipe_it_out(self) -> None:
        assert holds(fields={"place": "  "})["place"][1] == "registry"

    def test_what_it_lacks_stays_empty(self) -> None:
        assert holds(registry={})["place"] == ("", "")


class TestEvidence:
    def test_fills_from_the_record_of_the_place(self) -> None:
        at_home = {"area": "120", "location": "西湖区文三路1号201室"}
        elsewhere = {"area": "60", "location": "西湖区龙井路3号"}
        known = {("M022", HOME): Known("FOUND", "", (elsewhere, at_home))}

        assert holds(known=known)["area"] == ("120", "M022")

    def test_leaves_the_field_to_the_applicant_when_records_differ(self) -> None:
        records = ({"area": "120"}, {"area": "60"})
        known = {("M022", HOME): Known("FOUND", "", records)}

        assert holds(known=known)["area"] == ("", "")

    def test_fills_what_all_records_agree_on(self) -> None:
        records = ({"area": "120"}, {"area": "120"})
        known = {("M022", HOME): Known("FOUND", "", records)}

        assert holds(known=known)["area"] == ("120", "M022")

    def test_does_not_overwrite_what_was_stated(self) -> None:
        known = {("M022", HOME): found(area="120")}

        assert holds(known=known, fields={"area": "99"})["area"] == ("99", "stated")

    def test_of_another_place_fills_nothing(self) -> None:
        known = {("M022", HOME): found(area="120")}

        assert holds(known=known, fields={"place": "龙井路3号"})["area"] == ("", "")


def test_a_plate_read_from_evidence_becomes_the_subject() -> None:
    of = definition(
        link("M018", subject="vehicle", subject_field="plate_no"), fields=(PLATE,)
    )
    known = {("M018", COMPANY): found(plate_no="浙A12345")}

    planned = plan(of, known=known)

    assert planned.wanted[0].subject == Subject("vehicle", "浙A12345")
    assert planned.fields[0].source == "M018"
