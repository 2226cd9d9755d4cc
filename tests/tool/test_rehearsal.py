"""What a student is told of answers to hidden inputs comes from answers to public ones, wherever it quotes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment
from autograder.grading import rehearsal as grading
from autograder.grading.grade import _judge, exercises_of, grade_notebook
from autograder.grading.judge_process import judge_apart
from autograder.grading.rehearsal import public_cases, rehearse
from autograder.grading.result import QUIZ
from autograder.judging.compare import Difference, Excused
from autograder.judging.exercise import Case, Check, Exercise, Mistake, Outcome, Reply
from autograder.judging.judge import ONLY_HIDDEN, judge, retold
from autograder.judging.verdict import State, Verdict
from autograder.sandbox import Sandbox, Session, Use
from autograder.verify.promises import among_solutions
from tests.places import COURSE

SECRET = "abcdefghijklmnop"
CASES = [Case("one", {"x": np.ones(3)})]


CHECK = Check("doubles", "Doubling", share=1.0, cases=("one",), expected=lambda inputs: {"y": 2 * inputs["x"]})
EXERCISE = Exercise("double", lambda _: CASES, (CHECK,))


def _error(text: str) -> Reply:
    return Reply(Outcome.ERROR, error={"type": "ValueError", "message": text, "where": text})


QUOTED = ({"$opaque": SECRET}, np.zeros((7, 7, 7)), {SECRET: 1.0})


@pytest.mark.parametrize("reply", [_error(SECRET), *(Reply(Outcome.OK, value={"y": each}) for each in QUOTED)])
def test_what_quotes_an_answer_is_told_in_the_words_of_the_rehearsal(reply: Reply) -> None:
    hidden = judge(EXERCISE, CASES, [reply], 2.0)
    assert hidden.quotes
    public = judge(EXERCISE, CASES, [_error("shapes do not fit")], 2.0)
    told = retold(hidden, public)
    assert "shapes do not fit" in told.messages[0]
    assert SECRET not in str(told)
    assert (told.score, told.state, told.quotes) == (hidden.score, hidden.state, False)


def test_what_a_rehearsal_recognises_is_named() -> None:
    mistake = Mistake("tripled", "You triple.", lambda inputs: {"y": 3 * inputs["x"]})
    public = judge(replace(EXERCISE, mistakes=(mistake,)), CASES, [Reply(Outcome.OK, value={"y": 3 * np.ones(3)})], 2.0)
    told = retold(judge(EXERCISE, CASES, [_error(SECRET)], 2.0), public)
    assert (told.messages, told.mistakes) == (("You triple.",), ("tripled",))


def test_what_goes_wrong_on_hidden_inputs_only_is_told_without_details() -> None:
    hidden = judge(EXERCISE, CASES, [_error(SECRET)], 2.0)
    public = judge(EXERCISE, CASES, [Reply(Outcome.OK, value={"y": 2 * np.ones(3)})], 2.0)
    assert retold(hidden, public).messages == (f"Doubling: {ONLY_HIDDEN}",)


def test_what_is_only_wrong_is_shown_by_a_public_example() -> None:
    exercise = replace(EXERCISE, draw=lambda rng: [Case("one", {"x": rng.normal(size=3)})])
    secret, public = (exercise.draw(np.random.default_rng(seed)) for seed in (7, 0))
    hidden, shown = (
        judge(exercise, cases, [Reply(Outcome.OK, {"y": 2 * cases[0].inputs["x"] + 3})], 2.0, public=cases is public)
        for cases in (secret, public)
    )
    assert hidden.messages == ("Doubling: y is not right.",)
    told = retold(hidden, shown)
    assert told.messages == (
        "Doubling: your answer is too large by 3, always. For example, with x = [0.1257, -0.1321, 0.6404], your answer is [3.251, 2.736, 4.281]; right is [0.2515, -0.2642, 1.281].",
    )
    assert replace(told, messages=hidden.messages, checks=hidden.checks) == hidden
    assert ONLY_HIDDEN in retold(hidden, replace(shown, checks=(replace(shown.checks[0], passed=True),))).messages[0]


class Talker:
    """An execution in which every answer is an error that says how many questions came before it."""

    apart: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self.asked: list[Any] = []

    @contextmanager
    def unbilled(self) -> Iterator[Callable[[], bool]]:
        yield lambda: True

    def probe(self, calls: Sequence[tuple[str, Any]], seconds: float, **_: Use) -> list[Reply]:
        self.asked += [inputs["x"] for _, inputs in calls]
        return [_error(f"question {len(self.asked)}") for _ in calls]


def test_what_is_quoted_was_said_before_any_hidden_input_was_sent() -> None:
    exercises = [replace(EXERCISE, id=name, draw=lambda _: [Case("one", {"x": "public"})]) for name in "ab"]
    talker: Any = Talker()
    rehearsal = rehearse(talker, exercises)
    assert (rehearsal.right, rehearsal.wrong) == (set(), {})
    assert talker.asked == ["public"] * 4  # both in one fork, and each in a fork of its own
    hidden = {key: [Case("one", {"x": "hidden"})] for key in "ab"}
    told, _ = _judge(talker, exercises, hidden, rehearsal, {"a": 2.0, "b": 2.0})
    assert talker.asked[4:] == ["hidden"] * 2
    assert ["question 3" in told["a"].messages[0], "question 4" in told["b"].messages[0]] == [True, True]


class Cuber(Talker):
    """An execution in which every answer is wrong in the same way."""

    def probe(self, calls: Sequence[tuple[str, Any]], seconds: float, **_: Use) -> list[Reply]:
        return [Reply(Outcome.OK, {"y": inputs["x"] + 2 * inputs["x"] ** 3}) for _, inputs in calls]


def test_what_is_wrong_and_has_no_name_is_shown_on_the_least_input() -> None:
    exercise = replace(EXERCISE, small=(Case("one", {"x": np.ones(1)}),))
    execution: Any = Cuber()
    heard = rehearse(execution, [exercise]).replies
    told = judge(exercise, [*chain(*public_cases(exercise))], heard["double"], 2.0, public=True)
    assert "with x = [1], your answer is [3]" in told.messages[0]


def test_the_same_answers_to_public_inputs_are_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []

    def noted(exercises: Sequence[Exercise], *arguments: Any) -> dict[str, Verdict]:
        judged.extend(each.id for each in exercises)
        return judge_apart(exercises, *arguments)

    monkeypatch.setattr(grading, "judge_apart", noted)
    execution: Any = Cuber()
    exercise = replace(EXERCISE, id="cubed")
    first, again = (rehearse(execution, [exercise]).wrong for _ in range(2))
    assert (first, judged) == (again, ["cubed"])
    monkeypatch.setattr(grading, "_digest", lambda replies: b"")  # as of what is nested too deep
    for _ in range(2):
        rehearse(execution, [exercise])
    assert judged == ["cubed"] * 3


def test_the_quiz_has_nothing_before_it_that_could_spoil_it() -> None:
    execution: Any = Talker()
    rehearse(execution, [replace(EXERCISE, id=name) for name in ("double", f"{QUIZ}01", f"{QUIZ}02")])
    assert len(execution.asked) == 3 + 1


def test_what_was_asked_alone_is_not_asked_again() -> None:
    exercise = replace(EXERCISE, draw=lambda _: [Case("one", {"x": "public"})])
    for together in ([exercise], [exercise, replace(exercise, id="apart")]):
        execution: Any = Talker()
        execution.apart = frozenset({"apart"})
        rehearse(execution, together)
        assert len(execution.asked) == len(together)


@pytest.mark.heavy
def test_hidden_inputs_go_on_in_the_fork_of_public_ones_only_where_that_changes_no_mark(
    course_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A first call that is wrong is no less so behind others, and what too many calls spoil is judged with those that it gets."""
    assignment = Assignment.load(COURSE, "hw14")
    (exercise,) = (each for each in exercises_of(assignment) if each.id == "permutation")
    asked = sum(3 if case.inputs["name"] == "arguments" else 1 for case in exercise.draw(np.random.default_rng(0)))
    forks = list[bool]()
    probe = Session.probe

    def noted(session: Session, *arguments: Any, **options: Any) -> list[Reply]:
        forks.append(not (options["use"] is Use.RESUME and session.waiting))
        return probe(session, *arguments, **options)

    monkeypatch.setattr(Session, "probe", noted)
    for wrong, state, told in (
        ("False", State.CORRECT, [True, False]),
        ("calls == 1", State.PARTIAL, [True, True, True]),  # it has no name, and is asked more
        (f"calls > {asked}", State.CORRECT, [True, False, True]),
    ):
        code = f"""calls = 0
def permute(images, permutation):
    global calls
    calls += 1
    return images.clone() if {wrong} else images[:, permutation]"""
        notebook = among_solutions(assignment, exercise.id, code)
        graded = grade_notebook(notebook, assignment, "ada", course_sandbox, only={exercise.id})
        assert (wrong, graded.verdicts[0].state, forks) == (wrong, state, told)
        forks.clear()


@pytest.mark.heavy
def test_a_seed_that_a_cell_assigned_to_costs_no_exercise(course_sandbox: Sandbox) -> None:
    assignment = Assignment.load(COURSE, "hw14")
    code = """import random
import numpy as np
import torch
torch.manual_seed = np.random.seed = random.seed = 42
def permute(images, permutation):
    return images[:, permutation]"""
    notebook = among_solutions(assignment, "permutation", code)
    graded = grade_notebook(notebook, assignment, "ada", course_sandbox, only={"permutation"})
    assert graded.verdicts[0].state is State.CORRECT


class Secrets(dict[str, Any]):
    """An answer that says the same whatever is asked."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __missing__(self, key: str) -> Any:
        return self._value

    def get(self, key: str, default: Any = None) -> Any:
        return self._value


@pytest.mark.parametrize("value", [SECRET, {SECRET: SECRET}, [SECRET], Secrets(SECRET), Secrets(Secrets(SECRET))])
def test_fixed_sentences_repeat_nothing_of_an_answer(value: Any) -> None:
    """They are told without a rehearsal."""
    found = 0
    for name in COURSE.assignments:
        for exercise in exercises_of(Assignment.load(COURSE, name)):
            cases = {case.name: case for case in exercise.draw(np.random.default_rng(0))}
            for check in (check for check in exercise.checks if check.fixed and check.complaint):
                for case in check.cases:
                    try:
                        told = check.complaint(cases[case].inputs, Secrets(value))
                    except Exception:  # an answer that has no form is told so, in the judge's words
                        continue
                    words = told.text if isinstance(told, Excused) else told
                    found += isinstance(words, str)
                    assert isinstance(words, Difference) or SECRET not in str(words)  # a difference is never fixed
    assert found
