"""Whose answer holds, what may not be chosen, and what a clerk confirms."""

from __future__ import annotations

from services.cases.planning.plan import Known, PlannedQuestion
from services.catalogue.definition import Definition, Effect, Question, Rule
from tests.cases.planning.build import (
    COMPANY,
    NOT_FOUND,
    definition,
    effect,
    found,
    link,
    plan,
    question,
    rule,
)

Q = question("q", "a", "b", "c*")
IS_A = rule("q/a", "M004", "found")
MAYBE_B = rule("q/b", "M004", "found", decides=False)
HELD = {("M004", COMPANY): found()}


def item(one: Question, *rules: Rule, effects: tuple[Effect, ...] = ()) -> Definition:
    return definition(link("M004"), questions=(one,), rules=rules, effects=effects)


def answered(of: Definition, **given: object) -> PlannedQuestion:
    return plan(of, **given).questions[0]


class TestWhoAnswers:
    def test_a_deciding_rule_beats_what_was_stated(self) -> None:
        given = answered(item(Q, MAYBE_B, IS_A), known=HELD, answers={"q": ("c",)})

        assert (given.answer, given.given_by) == (("a",), "decided")
        assert given.because == "M004"

    def test_what_was_stated_beats_a_suggestion(self) -> None:
        given = answered(item(Q, MAYBE_B), known=HELD, answers={"q": ("a",)})

        assert (given.answer, given.given_by) == (("a",), "stated")
        assert given.suggested == ("b",)

    def test_a_suggestion_beats_the_default(self) -> None:
        given = answered(item(Q, MAYBE_B), known=HELD)

        assert (given.answer, given.given_by) == (("b",), "suggested")
        assert given.because == "M004"

    def test_else_the_default_holds(self) -> None:
        given = answered(item(Q, MAYBE_B, IS_A))

        assert (given.answer, given.given_by, given.because) == (("c",), "default", "")

    def test_an_option_that_does_not_exist_is_not_an_answer(self) -> None:
        assert answered(item(Q), answers={"q": ("x",)}).given_by == "default"

    def test_two_options_answer_no_single_question(self) -> None:
        assert answered(item(Q), answers={"q": ("a", "b")}).given_by == "default"

    def test_only_questions_that_no_data_answers_are_asked(self) -> None:
        of = item(Q, IS_A)

        assert plan(of, known=HELD).to_ask == ()
        assert [p.question.code for p in plan(of).to_ask] == ["q"]


class TestSeveralOptions:
    MULTI = question("q", "a", "b", "c", kind="multi")

    def test_keep_the_order_of_the_question(self) -> None:
        given = answered(item(self.MULTI), answers={"q": ("c", "x", "a")})

        assert given.answer == ("a", "c")

    def test_choosing_none_is_an_answer(self) -> None:
        given = answered(item(self.MULTI, MAYBE_B), known=HELD, answers={"q": ()})

        assert (given.answer, given.given_by) == ((), "stated")

    def test_a_rule_about_one_option_only_suggests(self) -> None:
        given = answered(item(self.MULTI, IS_A, MAYBE_B), known=HELD)

        assert (given.answer, given.given_by) == (("a", "b"), "suggested")


class TestSuggestionThatEndsTheApplication:
    OF = item(
        Q,
        rule("q/a", "M004", "not_found", decides=False),
        effects=(effect("q/a", "not_eligible", "不符合"),),
    )
    MISSING = {("M004", COMPANY): NOT_FOUND}

    def test_is_shown_but_does_not_hold(self) -> None:
        planned = plan(self.OF, known=self.MISSING)

        assert planned.questions[0].suggested == ("a",)
        assert planned.questions[0].answer == ("c",)
        assert planned.stop is None

    def test_holds_once_the_applicant_says_so(self) -> None:
        planned = plan(self.OF, known=self.MISSING, answers={"q": ("a",)})

        assert planned.stop is not None


class TestCommitment:
    ASK = question("commitment", "yes", "no*", kind="boolean")
    OFFER = (effect("commitment/yes", "commitment_offered"),)
    OF = definition(link("M086", source="rule"), questions=(ASK,), effects=OFFER)
    BAD = {("M086", COMPANY): found(serious_dishonest="yes")}
    CHOSEN = {"commitment": ("yes",)}

    def test_is_open_while_nothing_speaks_against_it(self) -> None:
        planned = plan(self.OF, answers=self.CHOSEN)

        assert planned.questions[0].answer == ("yes",)
        assert planned.commitment_offered

    def test_is_closed_after_serious_dishonesty(self) -> None:
        planned = plan(self.OF, answers=self.CHOSEN, known=self.BAD)

        assert planned.questions[0].unavailable == ("yes",)
        assert planned.questions[0].answer == ("no",)
        assert not planned.commitment_offered

    def test_is_closed_even_where_it_is_the_default(self) -> None:
        ask = question("commitment", "yes*", "no", kind="boolean")
        of = definition(link("M086"), questions=(ask,), effects=self.OFFER)

        assert plan(of, known=self.BAD).questions[0].answer == ("no",)

    def test_is_closed_where_another_question_offers_it(self) -> None:
        offer = (effect("q/c", "commitment_offered"),)
        of = definition(link("M086"), questions=(Q,), effects=offer)

        assert plan(of).commitment_offered
        assert not plan(of, known=self.BAD).commitment_offered

    def test_is_not_even_preselected_then(self) -> None:
        maybe = rule("commitment/yes", "M086", "found", decides=False)
        of = definition(link("M086"), questions=(self.ASK,), rules=(maybe,))

        assert plan(of, known=self.BAD).questions[0].answer == ("no",)

    def test_stays_open_when_the_credit_record_cannot_be_had(self) -> None:
        silent = {("M086", COMPANY): Known("UNAVAILABLE", "TIMEOUT")}

        assert plan(self.OF, known=silent).questions[0].unavailable == ()

    def test_asks_for_the_credit_record(self) -> None:
        assert [w.material for w in plan(self.OF).wanted] == ["M086"]


class TestConfirmations:
    ASK = question("q", "a", "b", "c*", confirm=True)
    WAIVE = effect("q/a", "waive_material", "M004")

    def codes(self, of: Definition, **given: object) -> list[tuple[str, ...]]:
        return [c.options for c in plan(of, **given).confirmations]

    def test_a_stated_answer_that_waives_is_confirmed(self) -> None:
        of = item(self.ASK, effects=(self.WAIVE,))

        assert self.codes(of, answers={"q": ("a",)}) == [("a",)]
        assert plan(of, answers={"q": ("a",)}).confirmations[0].text == "q？ 选a"

    def test_an_answer_that_relaxes_nothing_is_not(self) -> None:
        of = item(self.ASK, effects=(self.WAIVE,))

        assert self.codes(of, answers={"q": ("b",)}) == []

    def test_a_decided_answer_is_not(self) -> None:
        of = item(self.ASK, IS_A, effects=(self.WAIVE,))

        assert self.codes(of, known=HELD) == []

    def test_a_suggested_answer_is(self) -> None:
        maybe = rule("q/a", "M004", "found", decides=False)
        of = item(self.ASK, maybe, effects=(self.WAIVE,))

        assert self.codes(of, known=HELD) == [("a",)]

    def test_a_question_that_needs_no_confirmation_is_not(self) -> None:
        of = item(Q, effects=(self.WAIVE,))

        assert self.codes(of, answers={"q": ("a",)}) == []

    def test_escaping_what_other_options_bring_relaxes_too(self) -> None:
        strict = (
            effect("q/a", "inspection_on"),
            effect("q/b", "not_needed", "无需办理"),
        )
        of = item(self.ASK, effects=strict)

        assert self.codes(of) == [("c",)]
        assert self.codes(of, answers={"q": ("a",)}) == []
        assert self.codes(of, answers={"q": ("b",)}) == []
