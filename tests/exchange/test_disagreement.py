"""Two registers about one subject."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.common.subjects import Subject
from services.exchange.disagreement import OWN_FACTS, Shown, disagreements

ME = Subject("entity", "91330106FAKE00021X")
NAME = "杭州示例餐饮有限公司"


def shown(source, *records, subject=ME):
    return Shown(source, subject, records)


def facts(*sources, **options):
    return [one.fact for one in disagreements(sources, **options)]


class TestAgree:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ({"holder_name": NAME}, {"legal_name": NAME}),
            (
                {"holder_name": "AB(中国)公司"},
                {"legal_name": "ab（中国） 公司"},
            ),
            ({"holder_name": NAME}, {"holder_name": ""}),
            ({"holder_name": NAME}, {}),
            ({"legal_representative": "王某"}, {"holder_name": NAME}),
            ({"scope": "热食"}, {"scope": "冷食"}),
            ({"uscc": "9133**********021X"}, {"uscc": "91330106FAKE00021X"}),
        ],
    )
    def test_where_nothing_of_the_subject_itself_differs(self, one, other):
        assert facts(shown("scjg", one), shown("wsjk", other)) == []

    def test_where_one_of_several_records_fits(self):
        several = shown("scjg", {"holder_name": NAME}, {"holder_name": "旧"})

        assert facts(several, shown("wsjk", {"holder_name": NAME})) == []

    def test_where_the_other_name_is_a_former_one(self):
        both = shown("scjg", {"holder_name": NAME}), shown("ga", {"legal_name": "旧名"})

        assert facts(*both, former_names=["旧名"]) == []
        assert facts(*both, former_names=["旧旧名"]) == ["name"]

    def test_where_one_register_contradicts_itself(self):
        assert (
            facts(
                shown("scjg", {"holder_name": NAME}),
                shown("scjg", {"holder_name": "别家"}),
            )
            == []
        )

    def test_about_different_subjects(self):
        partner = Subject("other_entity", "91330102FAKE000139")

        assert (
            facts(
                shown("scjg", {"holder_name": NAME}),
                shown("wsjk", {"holder_name": "别家"}, subject=partner),
            )
            == []
        )

    def test_about_who_holds_a_place(self):
        place = Subject("premises", "某路1号")

        assert (
            facts(
                shown("ghzy", {"holder_name": NAME}, subject=place),
                shown("wsjk", {"holder_name": "房东"}, subject=place),
            )
            == []
        )


class TestDisagree:
    @pytest.mark.parametrize(
        ("kind", "attribute", "fact"),
        [
            ("entity", "holder_name", "name"),
            ("entity", "legal_name", "name"),
            ("entity", "legal_representative", "legal_representative"),
            ("other_entity", "uscc", "uscc"),
            ("person", "id_number", "id_number"),
            ("project", "project_name", "project_name"),
            ("vehicle", "plate_no", "plate_no"),
        ],
    )
    def test_where_what_tells_it_from_others_differs(self, kind, attribute, fact):
        subject = Subject(kind, "x")

        (found,) = disagreements(
            [
                shown("wsjk", {attribute: "二"}, subject=subject),
                shown("scjg", {attribute: "一"}, subject=subject),
            ]
        )

        assert found == (subject, fact, ("scjg", "wsjk"))

    def test_each_with_each(self):
        three = [shown(name, {"holder_name": name}) for name in ("a", "b", "c")]

        assert [one.sources for one in disagreements(three)] == [
            ("a", "b"),
            ("a", "c"),
            ("b", "c"),
        ]


@given(
    st.lists(
        st.builds(
            shown,
            st.sampled_from(["a", "b", "c"]),
            st.dictionaries(st.sampled_from(sorted(OWN_FACTS["entity"])), st.text()),
        )
    )
)
def test_is_the_same_in_whatever_order_the_answers_came(several):
    there = sorted(disagreements(several))

    assert sorted(disagreements(several[::-1])) == there
    assert all(one.sources[0] < one.sources[1] for one in there)
