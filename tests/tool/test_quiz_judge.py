"""How an answer to a quiz question is read in the sandbox and judged outside."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grading.exercises import quiz_exercises
from autograder.judging.exercise import Outcome, Reply
from autograder.judging.judge import judge
from autograder.judging.verdict import State, Verdict
from autograder.sandbox.inside.probe import Names, NotDefined
from autograder.sandbox.inside.quiz import probe
from lifelong.checks.quiz import chosen_letters
from tests.course.quiz_reference import QUIZ

EXERCISES = {exercise.id: exercise for exercise in quiz_exercises(QUIZ)}


def verdict(question_id: str, reply: Reply) -> Verdict:
    exercise = EXERCISES[question_id]
    return judge(exercise, exercise.draw(np.random.default_rng(0)), [reply], 0.4)


def answered(question_id: str, answer: Any) -> Verdict:
    """The verdict on an answer, through the probe."""
    exercise = EXERCISES[question_id]
    (case,) = exercise.draw(np.random.default_rng(0))
    try:
        reply = Reply(Outcome.OK, probe({case.inputs["variable"]: answer}, case.inputs))
    except Exception as error:
        reply = Reply(Outcome.ERROR, error={"type": type(error).__name__, "message": str(error)})
    return verdict(question_id, reply)


@pytest.mark.parametrize("question", QUIZ.questions, ids=lambda question: question.id)
def test_all_and_only_the_right_options_count(question: Any) -> None:
    letters = [option.letter for option in question.options]
    for chosen in range(1, 2 ** len(letters)):
        answer = {letter: bool(chosen >> place & 1) for place, letter in enumerate(letters)}
        right = {letter for letter, value in answer.items() if value} == question.key
        result = answered(question.id, answer)
        assert (result.score, result.state) == ((0.4, State.CORRECT) if right else (0.0, State.WRONG))


@pytest.mark.parametrize("answer", [["B", "C", "E"], {"E", "C", "B"}, ("E", "B", "C", "B"), "B, C, E", "bce"])
def test_an_answer_may_be_any_collection_of_letters(answer: Any) -> None:
    assert QUIZ["quiz-03"].key == set("BCE")
    assert answered("quiz-03", answer).state is State.CORRECT


@pytest.mark.parametrize("answer", [{"B": True, "C": True, "E": True, "F": True}, "BCEZ", ["B", "C", "E", "?"]])
def test_a_letter_that_is_no_option_makes_the_answer_wrong(answer: Any) -> None:
    assert answered("quiz-03", answer).state is State.WRONG


@pytest.mark.parametrize("answer", [dict.fromkeys("ABCDE", False), [], set(), "", ", "])
def test_nothing_chosen_is_missing(answer: Any) -> None:
    assert answered("quiz-03", answer).state is State.MISSING


def test_a_variable_that_is_not_defined_is_missing() -> None:
    with pytest.raises(NotDefined):
        probe(Names(), {"variable": "quiz_03"})


@pytest.mark.parametrize("answer", [None, 3, True, object()])
def test_an_answer_without_letters_is_an_error_that_says_what_is_expected(answer: Any) -> None:
    result = answered("quiz-03", answer)
    assert (result.score, result.state) == (0.0, State.ERROR)
    assert "quiz_03 should be a dict" in result.messages[0]


def test_the_feedback_on_a_wrong_answer_is_the_same_for_all_and_names_no_option() -> None:
    messages = {answered("quiz-05", letters).messages for letters in ("A", "B", "ABCD", "BC", "Z")}
    assert messages == {("Question 5 (EWC): not all and only the right options.",)}


def test_a_wrong_answer_needs_no_rehearsal_but_an_error_does() -> None:
    wrong = verdict("quiz-01", Reply(Outcome.OK, value={"chosen": ["Z"]}))
    assert (wrong.score, wrong.quotes) == (0, False)
    assert verdict("quiz-01", Reply(Outcome.ERROR, error={"type": "ValueError", "message": "no"})).quotes


def test_the_inputs_of_a_case_tell_nothing_but_the_variable() -> None:
    for question in QUIZ.questions:
        (case,) = EXERCISES[question.id].draw(np.random.default_rng(0))
        assert case.inputs == {"variable": question.variable}
        assert EXERCISES[question.id].mistakes == ()


@pytest.mark.parametrize(
    "value", [None, {}, {"chosen": None}, {"chosen": "BCE"}, {"chosen": [["B"]]}, {"chosen": {"$opaque": "set"}}]
)
def test_a_forged_reply_earns_nothing(value: Any) -> None:
    result = verdict("quiz-03", Reply(Outcome.OK, value))
    assert (result.score, result.state) == (0.0, State.WRONG)


FORMS = {"set": set, "list": list, "tuple": tuple, "string": ", ".join}
FORMS["dict"] = lambda letters: {letter: letter in letters for letter in "ABCDE"}


@given(st.sets(st.sampled_from("ABCDE"), min_size=1), st.sampled_from(sorted(FORMS)))
def test_what_check_records_is_what_is_graded(letters: set[str], form: str) -> None:
    answer = FORMS[form](letters)
    graded = probe({"quiz_03": answer}, {"variable": "quiz_03"})["chosen"]
    assert graded == chosen_letters(answer, "quiz_03") == sorted(letters)
