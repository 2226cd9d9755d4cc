"""The judge: partial credit, states, named mistakes, and replies that mean it ill."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.judging.account import account
from autograder.judging.compare import Slip
from autograder.judging.exercise import RAISED, SAID, Case, Check, Exercise, Mistake, Outcome, Reply, Tree, must_hold
from autograder.judging.failures import CRASHES, crash, missing_package
from autograder.judging.judge import judge
from autograder.judging.mistakes import Mistakes
from autograder.judging.verdict import VERDICT_TYPE, State, Verdict, verdict_in
from tests.course.bank_reference import JUDGES
from tests.places import table


def squares(inputs: Tree) -> Tree:
    return {"value": float(inputs["x"]) ** 2}


def impure(inputs: Tree, outputs: Tree) -> str | None:
    return None if outputs["pure"] else "it changes its argument."


EXERCISE = Exercise(
    id="square",
    draw=lambda rng: CASES,
    checks=(
        Check("small", "The square of small numbers", share=0.25, cases=("one", "two"), expected=squares),
        Check("large", "The square of large numbers", share=0.5, cases=("large",), expected=squares),
        Check("pure", "No side effects", share=0.25, cases=("two",), complaint=impure, needs=("small",)),
    ),
    mistakes=(
        Mistake("doubled", "You double.", lambda inputs: {"value": 2.0 * inputs["x"]}),
        Mistake("exponent", "You take 2 to the power of x.", lambda inputs: {"value": 2.0 ** inputs["x"]}),
        Mistake("impure", "You change the argument.", lambda inputs: {"pure": False}, ("pure",)),
    ),
)
CASES = [Case("one", {"x": 1}), Case("two", {"x": 2}), Case("large", {"x": 10})]


def judged(function: Any, pure: bool = True) -> Verdict:
    replies = [Reply(Outcome.OK, {"value": function(case.inputs["x"]), "pure": pure}) for case in CASES]
    return judge(EXERCISE, CASES, replies, 4.0)


def ended(*outcomes: Outcome | None) -> Verdict:
    error = {"type": "ValueError", "message": "<f at 0x7fa3c2d41b50> is no 0x1f", "where": "line 3: x"}
    replies = [
        Reply(outcome, error=error) if outcome else Reply(Outcome.OK, {**squares(case.inputs), "pure": True})
        for case, outcome in zip(CASES, outcomes, strict=True)
    ]
    return judge(EXERCISE, CASES, replies, 4.0)


def test_right_answers_get_all_points_and_no_messages() -> None:
    verdict = judged(lambda x: x**2)
    assert (verdict.score, verdict.state, verdict.messages, verdict.mistakes) == (4.0, State.CORRECT, (), ())


def test_each_check_earns_its_share() -> None:
    verdict = judged(lambda x: x**2 if x < 5 else 0)
    assert (verdict.score, verdict.state) == (2.0, State.PARTIAL)


def test_a_needed_check_must_hold_first() -> None:
    verdict = judged(lambda x: 0)
    assert (verdict.score, verdict.state) == (0.0, State.WRONG)
    assert "“The square of small numbers”" in verdict.checks[2].message


def test_the_mistake_that_explains_most_is_named_although_it_does_not_show_in_every_case() -> None:
    # right for 2, wrong for 1 and 10; "doubled", which comes first, explains the small
    verdict = judged(lambda x: 2**x)
    assert verdict.mistakes == ("exponent",)
    assert verdict.checks[0].mistake == "exponent"


def test_a_mistake_must_explain_every_case_of_the_check() -> None:
    assert judged(lambda x: 2 * x if x == 1 else 99).mistakes == ()


def test_a_fact_can_give_a_mistake_away() -> None:
    verdict = judged(lambda x: x**2, pure=False)
    assert (verdict.score, verdict.mistakes) == (3.0, ("impure",))


def test_a_fact_that_a_mistake_leaves_whole_explains_no_wrong_value() -> None:
    kept = Check("kept", "Kept", share=1, cases=("one",), expected=squares, complaint=must_hold({"pure": "Changed."}))
    left = Mistake("left", "You leave it.", lambda inputs: {"pure": inputs["x"] == 1})
    reply = Reply(Outcome.OK, {"value": 7.0, "pure": True})
    exercise = replace(EXERCISE, checks=(kept,), mistakes=(left,))
    assert judge(exercise, CASES[:1], [reply], 4.0).mistakes == ()


def test_known_mistakes_come_first_among_the_messages() -> None:
    assert judged(lambda x: x**2 if x < 5 else 7, pure=False).messages[0] == "You change the argument."


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Outcome[name], State[name]) for name in ("TIMEOUT", "MEMORY", "ERROR")] + [(Outcome.DIED, State.ERROR)],
)
def test_a_failure_has_a_state_of_its_own(outcome: Outcome, state: State) -> None:
    verdict = ended(outcome, outcome, outcome)
    assert (verdict.score, verdict.state) == (0.0, state)


def test_a_mistake_may_be_one_statement() -> None:
    (mistakes := Mistakes()).named("off", squares, "small", says="You are off.")
    assert [(each.name, each.message, each.checks) for each in mistakes] == [("off", "You are off.", ("small",))]


def test_sentences_may_stand_in_a_table_beside_the_judge(tmp_path: Path) -> None:
    (tmp_path / "square.toml").write_text('[off]\nsays = "You are off."\nchecks = ["small"]\nunless = ["large"]\n')
    mistakes = Mistakes(beside=str(tmp_path / "square.py"))
    mistakes.group("large").listed("off", squares)
    assert list(mistakes) == [Mistake("off", "You are off.", squares, ("small",), ("large",))]
    with pytest.raises(KeyError, match="odd"):
        mistakes.listed("odd", squares)


def test_an_error_is_told_with_its_place() -> None:
    verdict = ended(None, None, Outcome.ERROR)
    told = "your code raised ValueError: <f at 0x…> is no 0x1f (line 3: x)"  # addresses differ from run to run
    assert verdict.messages == (f"The square of large numbers: {told}",)
    (message,) = ended(Outcome.ERROR, Outcome.ERROR, Outcome.ERROR).messages
    assert message == f"The square of small numbers; The square of large numbers; No side effects: {told}"


@pytest.mark.parametrize("kind", ["NotImplementedError", "NotDefined"])
def test_what_is_not_written_is_missing(kind: str) -> None:
    verdict = judge(EXERCISE, CASES, [Reply(Outcome.ERROR, error={"type": kind})] * 3, 4.0)
    assert (verdict.score, verdict.state) == (0.0, State.MISSING)


def test_every_case_needs_a_reply() -> None:
    with pytest.raises(ValueError, match="2 replies"):
        judge(EXERCISE, CASES, [Reply(Outcome.OK, {})] * 2, 4.0)


numbers = st.floats() | st.integers() | st.sampled_from([math.nan, math.inf, 1e308, 10**400])
arrays = [np.zeros(0), np.zeros((2, 2)), np.array(math.nan), np.array(["x"]), np.array([1j]), np.full(3, 1e308)]
leaves = st.none() | st.booleans() | numbers | st.text(max_size=6) | st.sampled_from(arrays)
keys = st.sampled_from(["value", "result", "omega", "anchor", "entries", "type", "own", "first", "second", "control"])
trees = st.recursive(leaves, lambda it: st.lists(it, max_size=2) | st.dictionaries(keys, it, max_size=4), max_leaves=8)


@settings(deadline=None)
@given(st.sampled_from(list(JUDGES["hw14"].values())), st.data())
def test_no_forged_reply_breaks_the_judge_or_earns_anything(exercise: Exercise, data: st.DataObject) -> None:
    cases = exercise.draw(np.random.default_rng(0))
    forged = data.draw(trees)
    error = data.draw(st.none() | st.dictionaries(st.sampled_from(["type", "message", "where"]), leaves))
    outcome = data.draw(st.sampled_from(Outcome))
    verdict = judge(exercise, cases, [Reply(outcome, value=forged, error=error)] * len(cases), 4.0)
    assert verdict.score == 0.0
    assert verdict.state not in (State.CORRECT, State.PARTIAL)


def test_an_exercise_may_read_its_outputs_before_they_are_compared() -> None:
    graph = replace(EXERCISE, read=lambda inputs, outputs: {"value": outputs["graph"][0] * inputs["x"], "pure": True})
    honest = [Reply(Outcome.OK, {"graph": [case.inputs["x"]]}) for case in CASES]
    assert judge(graph, CASES, honest, 4.0).score == 4.0
    claimed = [Reply(Outcome.OK, {**squares(case.inputs), "pure": True}) for case in CASES]
    assert judge(graph, CASES, claimed, 4.0).score == 0.0


def of(exercise: Exercise, *replies: Any) -> Verdict:
    """The verdict on replies, or on the values of good ones."""
    given = [each if isinstance(each, Reply) else Reply(Outcome.OK, {"value": each, "pure": True}) for each in replies]
    return judge(exercise, CASES, given, 1.33)


NOT_WRITTEN = Reply(Outcome.ERROR, error={"type": "NotImplementedError"})


def test_a_package_that_is_missing_is_named() -> None:
    lacks = Reply(Outcome.ERROR, error={"type": "ModuleNotFoundError", "message": "No module named 'a_b.c'"})
    assert [missing_package([NOT_WRITTEN, *more]) for more in ([], [lacks])] == ["", "a_b"]


@pytest.mark.parametrize(
    ("replies", "score", "state"),
    [
        ((NOT_WRITTEN, 4.0, 100.0), 0.67, State.PARTIAL),
        ((NOT_WRITTEN, 0.0, 0.0), 0.0, State.WRONG),
        ((Reply(Outcome.TIMEOUT, error={"type": "NotDefined"}),) * 3, 0.0, State.TIMEOUT),
        ((Reply(Outcome.ERROR, error="text"),) * 3, 0.0, State.ERROR),
        ((Reply(Outcome.ERROR, error={"type": np.zeros(2), "where": ["x"], "message": 3}),) * 3, 0.0, State.ERROR),
        ((Reply(Outcome.OK, value=[1]),) * 3, 0.0, State.WRONG),
    ],
)
def test_a_mixture_has_the_state_of_what_is_there(replies: tuple[Any, ...], score: float, state: State) -> None:
    verdict = of(EXERCISE, *replies)
    assert (verdict.score, verdict.state) == (score, state)


def test_a_message_comes_once_and_the_mistake_that_explains_most_first() -> None:
    large = Check("large", "Large", share=0.5, cases=("large",), expected=squares)
    checks = (replace(EXERCISE.checks[0], share=0.25), large, replace(large, name="again", share=0.25))
    plus = Mistake("plus", "You add.", lambda inputs: {"value": inputs["x"] + 7.0})
    verdict = of(replace(EXERCISE, checks=checks, mistakes=(plus, *EXERCISE.mistakes[:2])), 8.0, 9.0, 1024.0)
    assert verdict.messages == ("You take 2 to the power of x.", "You add.")


def test_an_account_lists_the_mistakes_that_fit_and_how_often() -> None:
    replies = [Reply(Outcome.OK, {"value": 2.0 * case.inputs["x"], "pure": True}) for case in CASES]
    small, *_ = account(EXERCISE, CASES, replies, [], [])
    assert small["steps"]["known mistakes"] == "2 tried; doubled gives 2 of 2 answers; exponent gives 2 of 2 answers"


def test_an_account_survives_what_relations_cannot_be_looked_for_in() -> None:
    check = Check(CASES[0].name, "Small", share=1.0, expected=lambda _: {"value": np.ones(1)})
    replies = [Reply(Outcome.OK, {"value": 10**400}) for _ in CASES]
    (small,) = account(replace(EXERCISE, checks=(check,), mistakes=()), CASES, replies, [], [])
    assert small["steps"]["relations"] == "none of those that are looked for holds"


def test_no_mistake_is_named_that_does_not_show() -> None:
    never = Mistake("never", "You never.", lambda inputs: {}, ("pure",))
    right = Mistake("right", "You square.", squares, ("small",))
    exercise = replace(EXERCISE, mistakes=(never, right))
    assert of(exercise, 0.0, 0.0, 0.0).mistakes == ()  # "pure" fails only for what it needs
    assert of(exercise, 1.0, Reply(Outcome.OK, {"value": 4.0, "pure": False}), 100.0).mistakes == ()
    two = replace(EXERCISE.checks[0], expected=lambda inputs: {**squares(inputs), "pure": False})
    assert of(replace(exercise, checks=(two, *EXERCISE.checks[1:])), 1.0, 4.0, 100.0).mistakes == ()


def test_no_mistake_is_named_against_which_another_check_speaks() -> None:
    assert of(EXERCISE, 2.0, 4.0, 20.0).mistakes == ("doubled",)
    assert of(EXERCISE, 2.0, 4.0, 77.0).mistakes == ()  # who doubles would have 20
    assert of(EXERCISE, 1.0, 4.0, 1024.0).mistakes == ()  # nor does a check hold for who raises 2 to it
    consequence = replace(EXERCISE.mistakes[1], checks=("large",), unless=("small",))
    verdict = of(replace(EXERCISE, mistakes=(consequence,)), 77.0, 77.0, 1024.0)
    assert verdict.mistakes == ()
    assert "may only follow from what is wrong with “The square of small numbers”" in verdict.checks[1].message


def test_a_message_is_short_and_its_numbers_are_left_out() -> None:
    told = Reply(Outcome.ERROR, error={"type": "E", "message": "x=0.25, -1.5e-07, 123456 [3, 41] " + "a" * 999})
    (message,) = of(EXERCISE, 1.0, 4.0, told).messages
    assert "x=…, -…, … [3, 41] aaa" in message
    assert len(message) < 400
    wordy = replace(EXERCISE.checks[2], complaint=lambda inputs, outputs: "no " * 999)
    (message,) = of(replace(EXERCISE, checks=(*EXERCISE.checks[:2], wordy)), 1.0, 4.0, 100.0).messages
    assert len(message) == 500


def test_what_repeats_an_answer_is_marked_until_a_known_mistake_explains_it() -> None:
    impure = Reply(Outcome.OK, {"value": 4.0, "pure": False})
    assert of(replace(EXERCISE, mistakes=()), 1.0, impure, 100.0).quotes
    assert not of(EXERCISE, 1.0, impure, 100.0).quotes
    for unnamed in (7.0, math.nan, Reply(Outcome.OK, {"pure": True})):  # public inputs may say more of it
        assert of(replace(EXERCISE, mistakes=()), unnamed, unnamed, unnamed).quotes
    listed = Mistake("listed", "You return a list.", lambda inputs: {"value": np.ones(3)})
    assert of(EXERCISE, np.ones(3), np.ones(3), np.ones(3)).quotes
    assert not of(replace(EXERCISE, mistakes=(listed,)), np.ones(3), np.ones(3), np.ones(3)).quotes


def test_a_verdict_survives_as_data() -> None:
    verdict = judged(lambda x: 2 * x)
    assert Verdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict
    old = verdict.to_json() | {"checks": [{"title": "small", "passed": True}], "mistakes": {"doubled": "…"}}
    assert [(check.title, check.passed) for check in Verdict.from_json(old).checks] == [("small", True)]
    assert verdict_in({"outputs": [{"data": {VERDICT_TYPE: {}}}]}) is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"checks": EXERCISE.checks[:2]}, "add up to 0.75"),
        ({"checks": EXERCISE.checks[::-1]}, "'pure' needs 'small', which is no check above it"),
        ({"mistakes": (replace(EXERCISE.mistakes[0], checks=("smal",)),)}, "'doubled' names 'smal'"),
    ],
)
def test_a_slip_in_an_exercise_is_told_when_it_is_made(change, message):
    with pytest.raises(ValueError, match=message):
        replace(EXERCISE, **change)


def test_a_case_that_was_not_drawn_is_named():
    with pytest.raises(ValueError, match="'large' names the case 'large'"):
        judge(EXERCISE, CASES[:2], [Reply(Outcome.OK, {"value": 1.0, "pure": True})] * 2, 4.0)


@pytest.mark.parametrize(("name", "code"), table("tool/crashes.toml").items())
def test_an_error_with_one_cause_is_named_with_the_students_line(name: str, code: str) -> None:
    with pytest.raises((TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RuntimeError)) as raised:
        exec(code, {"np": np})
    error = {"type": raised.type.__name__, "message": str(raised.value), "where": f"line 1: {code}"}
    result = judge(EXERCISE, CASES, [Reply(Outcome.ERROR, error=error)] * len(CASES), 1.0).checks[0]
    assert (result.mistake, result.quotes) == (name, True)
    assert result.message.startswith(f"The square of small numbers: {CRASHES[name]['says']} Your code raised ")


@pytest.mark.parametrize("code", ["raise ValueError('no such thing')", "np.ones(2).append(1)", "abs[0]"])
def test_an_error_with_many_causes_has_no_name(code: str) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)) as raised:
        exec(code, {"np": np})
    assert crash({"type": raised.type.__name__, "message": str(raised.value)}, EXERCISE) == (None, "")


def test_an_error_is_named_by_the_mistake_that_ends_in_it() -> None:
    ends = {RAISED: "ValueError", SAID: "too large"}
    limited = Mistake("limited", "Yours takes small numbers only.", lambda _: ends, ("large",))
    known = replace(EXERCISE, mistakes=(limited,))
    for error, named in ({"type": "ValueError", "message": "too large"}, ("limited",)), ({"type": "TypeError"}, ()):
        replies = [Reply(Outcome.OK, {**squares(case.inputs), "pure": True}) for case in CASES[:2]]
        assert judge(known, CASES, [*replies, Reply(Outcome.ERROR, error=error)], 4.0).mistakes == named


def test_a_property_names_its_own_mistakes() -> None:
    slips = {1: Slip("odd", "Odd."), 2: Slip("even", "Even."), 10: Slip("even", "Even.")}
    cases = ("one", "two", "large")
    check = Check("slip", "No slip", share=1.0, cases=cases, complaint=lambda inputs, _: slips[inputs["x"]])
    exercise = replace(EXERCISE, checks=(check,), mistakes=())
    (told,) = judge(exercise, CASES, [Reply(Outcome.OK, {})] * 3, 4.0).checks
    assert (told.mistake, told.message, told.quotes) == ("odd + even", "Odd. Even.", False)
    slips[10] = Slip("even", "10 is even.", quotes=True)  # what is made of an answer is public inputs' alone
    for public in (False, True):
        (told,) = judge(exercise, CASES, [Reply(Outcome.OK, {})] * 3, 4.0, public).checks
        assert (told.mistake, told.message, told.quotes) == ("odd + even", "Odd. Even. 10 is even.", True)
