"""Framework history: the key against code, the lecture's replicas as answers, forged graphs, what the sandbox holds."""

import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import yaml

from autograder.course.assignment import Assignment
from autograder.course.quiz import Quiz
from autograder.grading.grade import grade_notebook
from autograder.grading.judge_process import TOO_LARGE, Allowance, judge_apart
from autograder.judging.example import given
from autograder.judging.exercise import RAISED, SAID, Outcome, Reply
from autograder.judging.judge import judge
from autograder.sandbox import Sandbox
from lifelong.checks import CheckFailed, outcome
from lifelong.checks.outcomes import Recorded
from lifelong.checks.timeline import IDEA_KEYS, YEAR_KEYS
from solutions.framework_history.judges import timeline
from solutions.framework_history.judges.checks import Simulated
from solutions.framework_history.judges.graphs import OPERATIONS
from tests.course.bank_reference import BY_ID, COURSE, JUDGES, POINTS, cells, namespace, verdict
from tests.course.quiz_reference import prove
from tests.places import table

pytestmark = pytest.mark.heavy

NAMES = namespace("framework_history", {})
QUIZ = Quiz.load(COURSE.solutions / "framework_history" / "quiz.toml")


def test_there_are_13_exercises_and_12_questions() -> None:
    assert (len(JUDGES["framework_history"]), len(QUIZ.questions)) == (13, 12)
    assert Assignment.load(COURSE, "framework_history").points == 40


def test_points_follow_the_lines_of_our_own_solutions() -> None:
    """As the notebook's head says; four lines of it are never worth what forty are."""
    assignment, own = Assignment.load(COURSE, "framework_history"), dict(cells("framework_history"))
    lines: dict[float, set[int]] = {}
    for exercise, points in assignment.exercises:
        if exercise in own:
            blocks = re.findall(r"BEGIN SOLUTION(.*?)### END", own[exercise], re.DOTALL)
            lines.setdefault(points, set()).add(len(re.findall(r"^ *[^ #\n]", "".join(blocks), re.MULTILINE)))
    assert lines == {1: {7, 8}, 2: {9, 13, 15}, 3: {18, 23, 25, 28, 36, 42}, 4: {55, 57}}
    assert "7 or 8 lines for 1 point, 9 to 15 for 2, 18 to 42 for 3, 55 to 57 for 4" in str(assignment.release)


def test_24_points_can_be_made_full_marks(course_sandbox: Sandbox) -> None:
    """As the instructors' guide says, in one line of course.toml."""
    entry = replace(COURSE.entry("framework_history"), enough_points=24)
    course = replace(COURSE, entries=COURSE.entries | {entry.name: entry})
    assignment = Assignment(course, entry.name, Assignment.load(COURSE, entry.name).release)
    solution = assignment.solution_notebook()
    assert "**24 points from the exercises are full marks: choose yours.**" in solution.cells[0].source
    (counting,) = (cell.source for cell in solution.cells if "EXERCISES = " in cell.source)
    assert counting.splitlines()[-1].startswith("ENOUGH = 24")
    whole = grade_notebook(solution, assignment, "ada", course_sandbox)
    assert (whole.score, whole.beyond, whole.max, assignment.points) == (30, 10, 30, 30)
    scores = [each.score for each in whole.verdicts]
    for done in range(len(scores) + 1):
        verdicts = tuple(replace(each, score=each.score * (at < done)) for at, each in enumerate(whole.verdicts))
        expected = min(24, sum(scores[: min(done, 13)])) + sum(scores[13:done])
        assert replace(whole, verdicts=verdicts).score == pytest.approx(expected)


# What is forged: answers of the right form in which nothing was done.

FORGED = [
    {"lines": [["var", "x"], ["grad", 0, 0]], "roots": [1, 1]},
    {"lines": [["var", "x"], ["add", 0, 5]], "roots": [1, 1]},
    {"lines": [["var", "x"], ["add", 0, -1]], "roots": [1, 1]},
    {"lines": [["const", "nan"]], "roots": [0, 0]},
    {"lines": [["const", 1e308], ["exp", 0]], "roots": [1, 1]},
    {"lines": [["const", 1.0]] * 20_000, "roots": [0, 0]},
    {"lines": [["pow"]], "roots": [0, 0]},
    {"lines": "var", "roots": None},
    {},
    "too large",
    None,
]


@pytest.mark.parametrize("exercise", ["symbolic_grad", "simplify"])
@pytest.mark.parametrize("graph", FORGED)
def test_a_forged_graph_earns_nothing(exercise: str, graph: Any) -> None:
    cases = BY_ID[exercise].draw(np.random.default_rng(3))
    replies = [Reply(Outcome.OK, {"graph": graph, "untouched": True}) for _ in cases]
    assert judge(BY_ID[exercise], cases, replies, POINTS).score == 0


def test_claimed_values_are_not_believed() -> None:
    cases = BY_ID["symbolic_grad"].draw(np.random.default_rng(3))
    replies = [
        Reply(Outcome.OK, {**BY_ID["symbolic_grad"].checks[0].expected(case.inputs), "nodes per node": 1})
        for case in cases
    ]
    assert judge(BY_ID["symbolic_grad"], cases, replies, POINTS).score == 0


def _graph(weights: Any, *nodes: Any, outputs: Any = ("y",)) -> str:
    written = [{"op_type": op, "input": names, "output": [to], "attribute": more} for op, names, to, more in nodes]
    return json.dumps({"graph": {"input": ["x"], "output": outputs, "initializer": weights, "node": written}})


COLUMN, ROW = [[0]] * 4000, [[0] * 4000]
MODELS = {
    "empty": "{}",
    "a list": "[]",
    "no json": "not json",
    "nothing computed": _graph({"y": [[1]]}),
    "the input": _graph({}, outputs=["x"]),
    "no number": _graph({}, ("Gemm", ["x"], "y", {"alpha": "x"})),
    "cells": _graph({"a": [[COLUMN]], "b": [ROW], "c": COLUMN}, ("Add", "ab", "h", {}), ("Add", "hc", "y", {})),
    "operations": _graph({"a": COLUMN, "b": ROW}, ("Gemm", "ab", "h", {}), ("Gemm", "hh", "y", {})),
    "arrays for numbers": _graph(
        {"a": [[1]], "h": [[1]]}, ("Gemm", "aa", "b", {"alpha": COLUMN}), ("Gemm", "bh", "y", {"alpha": ROW})
    ),
    "numbers that grow": _graph(
        {"a": [[1]]}, ("Gemm", "aa", "b", {"alpha": 10**300}), ("Gemm", "bb", "y", {"beta": 10**4000})
    ),
    "nodes": _graph({"a": [1]}, *[("Add", "aa", f"h{at}", {}) for at in range(900)]),
    "outputs": _graph({"a": [1]}, outputs=["a"] * 10_000),
    "dimensions": _graph({"a": json.loads("[" * 60 + "0" + "]" * 60)}, ("Add", "aa", "y", {})),
}


@pytest.mark.parametrize("model", MODELS)
def test_a_forged_model_earns_nothing_and_costs_nothing(model: str) -> None:
    name, few = "onnx_exchange", Allowance(memory=1 << 26, cpu_seconds=5.0)
    cases = BY_ID[name].draw(np.random.default_rng(3))
    reply = Reply(Outcome.OK, {"json": MODELS[model], "outputs": [], "error": "ValueError", "message": ""})
    found = judge_apart([BY_ID[name]], {name: cases}, {name: [reply] * len(cases)}, {name: POINTS}, few)[name]
    assert found.score == 0
    assert TOO_LARGE not in found.messages  # refused for its shapes, before any limit


def test_probes_hold_no_evaluation() -> None:
    folder = COURSE.probes("framework_history")
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    assert not re.search(r"\b(20\d\d|np\.(tanh|exp|log)|autograd)\b", source)
    assert not any(f'"{name}": lambda' in source for name in OPERATIONS if name not in ("add", "sub", "mul"))


REPLICAS = {
    "theano_function": "from lifelong.eras.theano import function",
    "scan_loop": "from lifelong.eras.theano import scan\n\n\ndef power(A, k):\n    return A",
    "session_run": "from lifelong.eras.tensorflow1 import Session",
    "sgd_engine": "from lifelong.eras.torchnet import SGDEngine",
    "yaml_objects": "from lifelong.eras.pylearn2 import load",
    "onnx_exchange": "from lifelong.eras.onnx import export as export_onnx, run as import_onnx",
}


@pytest.mark.parametrize("exercise", REPLICAS)
def test_the_lectures_replicas_are_no_answers(exercise: str) -> None:
    try:
        result = verdict(exercise, {exercise: REPLICAS[exercise]}, 0)
    except ImportError:
        return  # the replica has no such name: nothing to hand in
    assert result.score < POINTS / 2, result.messages


def test_the_checks_tables_are_the_judges() -> None:
    assert sorted(YEAR_KEYS) == sorted(timeline.YEARS)
    assert sorted(IDEA_KEYS) == sorted(timeline.INTRODUCED)
    assert COURSE.judges("framework_history") / "timeline.toml" in COURSE.files_for_grading("framework_history")
    checked = [key for check in timeline.CHECKS if check.expected for key in check.expected({})]
    assert sorted(checked) == sorted([*timeline.YEARS, *timeline.INTRODUCED])


def test_the_timeline_check_never_says_what_is_right() -> None:
    wrong = dict.fromkeys(YEAR_KEYS, 1999)
    names = {"years": lambda: wrong, "introduced": lambda: dict.fromkeys(IDEA_KEYS, "Keras")}
    assert isinstance(outcome(names, "timeline"), Recorded), "which is never green"
    wrong["Keras"] = "2015"
    with pytest.raises(CheckFailed, match="an int"):
        outcome(names, "timeline")


SLIPS = table("course/history_slips.toml")
GIVEN = SLIPS.pop("given")


@pytest.mark.parametrize("exercise", GIVEN)
def test_a_public_example_says_what_was_given(exercise: str) -> None:
    first, *_ = BY_ID[exercise].draw(np.random.default_rng(0))
    assert given(BY_ID[exercise], first.inputs) == GIVEN[exercise]


@pytest.mark.parametrize("name", SLIPS)
def test_slips_of_strangers_cost_what_they_should(name: str) -> None:
    slip = SLIPS[name]
    source = dict(cells("framework_history"))[slip["exercise"]]
    assert source.count(slip["old"]) == 1
    replaced = {slip["exercise"]: source.replace(slip["old"], slip["new"])}
    assert {verdict(slip["exercise"], replaced, seed).score for seed in range(3)} == {slip["score"]}
    if "check" in slip:
        with pytest.raises(CheckFailed, match=slip["check"]):
            outcome(namespace("framework_history", replaced), slip["exercise"])


# The quiz, as far as code can decide it.


def test_quiz_updates() -> None:
    a, b = NAMES["shared"](1, "a"), NAMES["shared"](2, "b")
    f = NAMES["function"]([], a + b, updates=[(a, b), (b, a + b)])
    returned = [f()]
    after_first = b.value
    returned += [f(), f()]
    a, b = NAMES["shared"](1, "a"), NAMES["shared"](2, "b")
    turned = NAMES["function"]([], a + b, updates=[(b, a + b), (a, b)])
    prove(
        "quiz-03",
        quiz=QUIZ,
        A=returned == [3, 5, 8],
        B=after_first == 4,
        C=after_first == 3,
        D=returned == [5, 8, 13],
        E=[turned() for _ in range(3)] != returned,
    )


def test_quiz_scan() -> None:
    def slide(A: float, k: int) -> float:
        M = A
        for _ in range(k):
            M = M * A
        return M

    by_scan = NAMES["scan"](lambda p, A: p * A, [], 1, [2], 3)[-1]
    order = NAMES["scan"](lambda first, second: first, [[5]], 7)[0]
    prove("quiz-04", quiz=QUIZ, beyond="E", A=slide(2, 3) == 2**4, B=slide(2, 0) == 1, C=by_scan == 2**3, D=order == 7)


def test_quiz_keras() -> None:
    dense, add, join = (NAMES[name] for name in ("Dense", "Add", "Concatenate"))

    def count(together: Any) -> int:
        inputs, first, second = NAMES["Input"]((10,)), dense(20, "relu"), dense(20, "relu")
        h = first(inputs)
        return int(NAMES["Model"](inputs, dense(1)(together([h, second(h)]))).count_params())

    first = dense(20)
    h = first(NAMES["Input"]((10,)))
    with pytest.raises(ValueError, match="10"):
        first(h)
    added, joined = count(add()), count(join())
    prove("quiz-07", quiz=QUIZ, A=added == 661, B=added == 620, C=True, D=False, E=joined > added)


def test_quiz_session() -> None:
    stream = iter(range(100))
    x = NAMES["placeholder"]("x")
    r = NAMES["compute"](lambda: next(stream))
    y = NAMES["compute"](lambda a, b: a - b, r, r)
    z = NAMES["compute"](lambda a: 2 * a, x)
    session = NAMES["Session"]()
    first, second = session.run(r), session.run(r)
    pair = session.run([r, r])
    with pytest.raises(ValueError, match="x"):
        session.run(z)
    zero, fed = session.run(y) == 0, session.run(z, {z: 7.0}) != 7.0
    prove("quiz-08", quiz=QUIZ, A=zero, B=pair[0] == pair[1], C=first == second, D=False, E=fed)


def test_quiz_hostile_yaml() -> None:
    text = "!!python/object/apply:os.getcwd []"
    with pytest.raises(yaml.YAMLError):
        NAMES["load"](text, {})
    assert isinstance(yaml.unsafe_load(text), str)
    assert QUIZ["quiz-06"].key == {"A", "D"}


def test_an_error_of_another_cause_is_not_named_after_a_mistake_that_ends_in_one_of_its_type() -> None:
    """Joined by examples, arrays are refused by NumPy in its own words; what a student's code refuses is another thing."""
    source, right = dict(cells("framework_history"))["keras_graph"], "np.concatenate(arrays, axis=1)"
    refusing = "self.refuse()\n\n    def refuse(self):\n        raise ValueError('these do not fit')"
    for wrong, named in (("np.concatenate(arrays, axis=0)", True), (refusing, False)):
        result = verdict("keras_graph", {"keras_graph": source.replace(right, wrong)}, 0)
        mistakes = {each.mistake for each in result.checks if not each.passed}
        assert ("joined-by-examples" in mistakes, bool(mistakes)) == (named, True)


def test_what_a_simulation_does_not_mean_explains_nothing() -> None:
    def simulate(inputs: Any, wrong: Any) -> Any:
        raise {"lacks": KeyError("what"), "says": TypeError("unhashable")}[next(iter(wrong))]

    def ends(name: str, *raises: str) -> Any:
        return Simulated(simulate, {name: True}, raises=frozenset(raises))({})

    assert ends("lacks") == ends("lacks", "ValueError", "KeyError: other") == {}
    assert ends("lacks", "KeyError") == {RAISED: "KeyError"}
    assert ends("says", "TypeError: hash") == {RAISED: "TypeError", SAID: "unhashable"}


def test_every_question_has_right_and_wrong_options_with_reasons() -> None:
    for question in QUIZ.questions:
        assert 0 < len(question.key) < len(question.options), question.id
        assert all(len(option.why) > 10 for option in question.options)
    longest = [max(question.options, key=lambda option: len(option.text)).letter for question in QUIZ.questions]
    assert sum({letter} == set(question.key) for letter, question in zip(longest, QUIZ.questions, strict=True)) < 6
