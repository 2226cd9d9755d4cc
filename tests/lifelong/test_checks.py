"""The public checks: the solution passes, known mistakes are told apart, an unwritten exercise says so."""

import re
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest
import torch

from autograder.course.assignment import Assignment
from lifelong import CheckFailed, Task, check, hint, train
from lifelong.checks import exercises
from lifelong.checks.hints import STEPS, hints
from lifelong.checks.outcomes import CELLS
from lifelong.checks.progress import table as rows_of
from lifelong.checks.shown import CRASHED
from tests.course.bank_reference import ASSIGNMENT, COURSE, cells, namespace
from tests.places import table

pytestmark = pytest.mark.heavy

MISTAKES, CRASHES = table("lifelong/mistakes.toml"), table("lifelong/crashes.toml")["crash"]
EWC = MISTAKES["ewc"]


def try_check(exercise: str, names: dict[str, Any]) -> None:
    """Call check as a cell of a notebook with these names would."""
    exec(f"from lifelong import check\ncheck({exercise!r})", names)


def complaint(exercise: str, names: dict[str, Any], code: str = "") -> str:
    """What the check says of a notebook with these names once some code has replaced a part of them."""
    exec(textwrap.dedent(code), names)
    with pytest.raises(CheckFailed) as raised:
        try_check(exercise, names)
    return str(raised.value)


@pytest.mark.parametrize("exercise", exercises())
def test_the_solution_passes(exercise: str, capsys: pytest.CaptureFixture[str]) -> None:
    try_check(exercise, namespace(ASSIGNMENT[exercise], {}))
    assert capsys.readouterr().out.startswith(f"{'•' if exercise == 'timeline' else '✓'} {exercise}: ")


@pytest.mark.parametrize("exercise", exercises())
def test_an_unwritten_exercise_says_which_function_is_missing(exercise: str) -> None:
    assignment = Assignment.load(COURSE, ASSIGNMENT[exercise])
    with pytest.raises(NotImplementedError, match=rf"{exercise}: `.+` is not written yet") as raised:
        try_check(exercise, namespace(assignment.name, assignment.stubs))
    assert len(raised.value._render_traceback_()) == 1


@pytest.mark.parametrize("exercise", exercises())
def test_a_cell_that_was_not_run_is_named(exercise: str) -> None:
    with pytest.raises(CheckFailed, match=f"# exercise: {exercise}"):
        try_check(exercise, {})


@pytest.mark.parametrize("name", ["expect", "__init__", "shared/x", "../checks/ewc", "MAS"])
def test_what_is_no_exercise_lists_the_homework_s_own(name: str) -> None:
    points = {"ewc": 4, "mas": 4, "quiz-01": 0.4, "quiz-02": 0.4}
    with pytest.raises(ValueError, match=r"There is no exercise .* There are ewc, mas, quiz-01 … quiz-02\.$") as raised:
        try_check(name, {"EXERCISES": points})
    assert ("Did you mean 'mas'?" in str(raised.value)) == (name == "MAS")
    with pytest.raises(ValueError, match=r"There is no exercise 'rwolk'\. Did you mean 'rwalk'\?$"):
        check("rwolk")


def test_every_exercise_of_the_course_has_a_check() -> None:
    assert set(exercises()) == ASSIGNMENT.keys()


def test_only_the_asked_check_is_imported() -> None:
    code = "import sys, lifelong.checks as c\ntry: c.check('ewc')\nexcept c.CheckFailed: print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {f"lifelong.checks.{each}" for each in exercises()} & set(loaded) == {"lifelong.checks.ewc"}


def test_a_check_leaves_random_numbers_alone() -> None:
    names = namespace("hw14", {})
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    try_check("scp", names)
    assert torch.equal(torch.rand(3), expected)


def test_a_loop_over_examples_is_right_too() -> None:
    names = namespace("hw14", {})
    exec(EWC["source"].format(**EWC["right"]), names)
    try_check("ewc", names)


@pytest.mark.parametrize(("sentence", "change"), EWC["mistakes"])
def test_ewc_mistakes(sentence: str, change: dict[str, Any]) -> None:
    assert re.search(sentence, complaint("ewc", namespace("hw14", {}), EWC["source"].format(**EWC["right"] | change)))


WRAPPED = """
class {kind}({kind}):
    def importance(self, model, batches, *rest):
        result = super().importance(model, batches, *rest)
        {twist}
        return result
"""


@pytest.mark.parametrize("kind", ["EWC", "MAS", "SCP"])
@pytest.mark.parametrize(("sentence", "twist"), MISTAKES["side_effects"].items())
def test_side_effects_and_wrong_forms(kind: str, sentence: str, twist: str) -> None:
    assert sentence in complaint(kind.lower(), namespace("hw14", {}), WRAPPED.format(kind=kind, twist=twist))


def replaced(exercise: str, old: str, new: str) -> str:
    """What the check says once a piece of the solution reads differently."""
    assignment = ASSIGNMENT[exercise]
    cell = dict(cells(assignment))[exercise]
    assert old in cell
    return complaint(exercise, namespace(assignment, {exercise: cell.replace(old, new)}))


@pytest.mark.parametrize(
    ("exercise", "sentence", "old", "new"),
    [(exercise, *row) for exercise, rows in MISTAKES["lines"].items() for row in rows],
)
def test_one_line_mistakes(exercise: str, sentence: str, old: str, new: str) -> None:
    assert sentence in replaced(exercise, old, new)


@pytest.mark.parametrize("crash", CRASHES, ids=lambda crash: f"{crash['exercise']} {crash['new']}")
def test_a_crash_is_one_sentence(crash: dict[str, str]) -> None:
    assert replaced(crash["exercise"], crash["old"], crash["new"]) == crash["says"]


ENDLESS = """# exercise: permutation
def permute(images, permutation):
    while True:
        try:
            images = images + 0
        except:
            pass
"""


WAITING = "import time\n\ndef permute(images, permutation):\n    time.sleep(1e6)"


@pytest.mark.parametrize(
    ("pool", "source"), [(nullcontext(), ENDLESS), (ThreadPoolExecutor(1), ENDLESS), (nullcontext(), WAITING)]
)
def test_what_does_not_end_is_stopped(pool: Any, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless loop in any thread, a wait in the main one."""
    monkeypatch.setattr("lifelong.checks.SECONDS", 0.3)
    names = namespace("hw14", {"permutation": source})
    with (
        pool as other,
        pytest.raises(CheckFailed, match=r"^permutation: permute\(.+, \[2, 0, 3, 1\]\) did not finish in time"),
    ):
        other.submit(try_check, "permutation", names).result() if other else try_check("permutation", names)


def test_an_endless_kernel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifelong.checks.SECONDS", 0.3)
    source = "# exercise: bounds_guard\n@kernel\ndef fahrenheit(celsius, result, n):\n    while True:\n        result[0] = 1\n"
    names = namespace("cuda_vector_addition", {"bounds_guard": source})
    with pytest.raises(CheckFailed, match=r"^fahrenheit\[1, 3\] did not finish in time: look"):
        try_check("bounds_guard", names)


def test_a_crashed_quiz_cell_is_not_read_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CRASHED, "quiz-02", "The cell stopped with NameError: name 'true' is not defined.")
    with pytest.raises(CheckFailed, match=r"^quiz-02: The cell stopped with NameError"):
        try_check("quiz-02", {"quiz_02": {"A": True}})


def test_what_is_stale_is_said() -> None:
    points = {"penalty": 4, "ewc": 4, "mas": 4, "quiz-01": 0.4, "quiz-02": 0.4}
    names = namespace("hw14", {}) | {"EXERCISES": points, "quiz_02": {"A": True}}
    for exercise in ("penalty", "ewc"):
        try_check(exercise, names)
    rows, total = rows_of(names)
    assert [row[0] for row in rows] == ["✓", "✓", "–", "–"]
    assert rows[3] == ("–", "quiz", "0.8\xa0points", "1 of 2 answered; open: 1")
    assert total.startswith("Passed: 8 of 12 points. ")
    said = "Passed: 8 of 12 points, of which 6 are full marks: 6 count. "
    assert rows_of(names | {"ENOUGH": 6})[1].startswith(said)
    names |= {"QuadraticPenalty": namespace("hw14", {})["QuadraticPenalty"]}  # run again, as it was
    assert [row[0] for row in rows_of(names)[0]] == ["✓", "✓", "–", "–"]
    mended = dict(cells("hw14"))["penalty"] + "\n# mended"
    names |= {"QuadraticPenalty": namespace("hw14", {"penalty": mended})["QuadraticPenalty"]}
    changed, built = (row[3] for row in rows_of(names)[0][:2])
    assert changed == '`QuadraticPenalty` has changed since: run check("penalty") again.'
    assert built.startswith("`EWC` still builds on the former `QuadraticPenalty`: run the cell again")
    with pytest.raises(CheckFailed, match="still builds on the former `QuadraticPenalty`"):
        try_check("ewc", names)


def test_code_changed_since_training_is_said(tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    monkeypatch.setitem(CELLS, "training", {})
    names = namespace("hw14", {}) | {"EXERCISES": {}}
    train({names["EWC"]: 1.0}, tasks, epochs=1)
    assert rows_of(names)[0] == []
    mended = namespace("hw14", {"penalty": dict(cells("hw14"))["penalty"] + "\n# mended"})
    ((sign, what, _, why),) = rows_of(names | mended)[0]
    assert (sign, what, why) == ("–", "training", "`QuadraticPenalty` has changed since: run the training cells again.")


def test_every_exercise_has_hints_in_three_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert hints().keys() == set(exercises())
    assert all(len(steps) == 3 for steps in hints().values())
    for _ in range(4):
        hint("ewc")
    said = [line.split(":")[0] for line in capsys.readouterr().out.splitlines() if line.startswith("Hint")]
    assert said == [f"Hint {at + 1} of 3, {STEPS[at]}" for at in (0, 1, 2, 0)]
    with pytest.raises(ValueError, match=r"no hints to 'EW'\. Did you mean 'ewc'\?"):
        hint("EW")


CHOSEN = [
    ({"A": True, "B": False, "C": True}, "A, C"),
    (["C", "A"], "A, C"),
    ("BD", "B, D"),
    ({"E"}, "E"),
    ("A, B", "A, B"),
]


@pytest.mark.parametrize(("answer", "letters"), CHOSEN)
def test_a_quiz_answer_is_recorded(answer: Any, letters: str, capsys: pytest.CaptureFixture[str]) -> None:
    try_check("quiz-05", {"quiz_05": answer})
    assert capsys.readouterr().out == f"• quiz-05: recorded: {letters}\n"


@pytest.mark.parametrize("answer", [{"A": False, "B": False}, [], ""])
def test_an_empty_quiz_answer_is_unfinished(answer: Any) -> None:
    with pytest.raises(NotImplementedError, match="nothing is chosen"):
        try_check("quiz-05", {"quiz_05": answer})


@pytest.mark.parametrize("answer", [None, 3, {"A": 1}, ["F"], "yes", [True]])
def test_a_malformed_quiz_answer_is_explained(answer: Any) -> None:
    with pytest.raises(CheckFailed, match="quiz_05"):
        try_check("quiz-05", {"quiz_05": answer})
