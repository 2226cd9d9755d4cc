"""The sample class, graded for real: honest work earns its marks, attacks earn none, nobody harms anybody else."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.demo.hostile import Attack
from autograder.demo.roster import attacks, roster
from autograder.gradebook.generate import register
from autograder.gradebook.record import record
from autograder.grading.classroom import find_submissions, grade_all
from autograder.grading.result import Result
from autograder.judging.verdict import State
from tests.places import COURSE, EXAMPLE, written

pytestmark = pytest.mark.heavy

ATTACKS = attacks(Assignment.load(COURSE, "hw14"))
POINTS = {"permutation": 2, "metrics": 3, "penalty": 4, "ewc": 4, "mas": 4, "si": 4, "rwalk": 5, "scp": 4}


@dataclass(frozen=True)
class GradedClass:
    course: Course
    results: dict[str, Result]

    def states(self, student: str) -> dict[str, State]:
        return {verdict.exercise: verdict.state for verdict in self.results[student].verdicts}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    course = COURSE.clone_to(tmp_path_factory.mktemp("class"))
    assignment = Assignment.load(course, "hw14")
    for student, (filename, data) in roster(assignment).items():
        written(course.submitted / student / "hw14" / filename, data)
    (course.submitted / "nobody-handed-in" / "hw14").mkdir(parents=True)
    register(course, "hw14")
    results = list(grade_all(assignment, find_submissions(course, "hw14"), 2))
    record(results, course)
    return GradedClass(course, {result.student: result for result in results})


@pytest.mark.parametrize(
    "student", ["ada-as-taught", "bo-other-style", "cy-yet-another-style", "dee-colab", "eli-careless", "fay-script"]
)
def test_right_work_gets_full_marks(graded: GradedClass, student: str) -> None:
    result = graded.results[student]
    lost = [(each.exercise, each.messages) for each in result.verdicts if each.score < each.max]
    assert not lost
    assert result.score == result.max == 40


@pytest.mark.parametrize("student", ["kim-half-a-download", "lee-web-page", "nobody-handed-in"])
def test_what_cannot_be_graded_is_left_to_a_person(graded: GradedClass, student: str) -> None:
    result = graded.results[student]
    assert result.problem
    assert set(graded.states(student).values()) == {State.UNGRADABLE}
    with Gradebook(graded.course.db_url) as gradebook:
        assert gradebook.find_submission("hw14", student).needs_manual_grade


def test_an_unfinished_homework_earns_what_is_finished(graded: GradedClass) -> None:
    unanswered = 10 * 0.4
    assert graded.results["gus-half-done"].score == 40 - POINTS["si"] - POINTS["rwalk"] - POINTS["scp"] - unanswered


def test_a_syntax_error_costs_its_own_exercise(graded: GradedClass) -> None:
    result = graded.results["jo-syntax-error"]
    assert result.score == 40 - POINTS["ewc"]
    verdict = next(each for each in result.verdicts if each.exercise == "ewc")
    assert verdict.state is State.ERROR
    assert "SyntaxError" in verdict.messages[0]


@pytest.mark.parametrize("exercise", POINTS)
def test_a_mistake_costs_only_its_own_exercise(graded: GradedClass, exercise: str) -> None:
    result = graded.results[f"mistake-{exercise}"]
    lost = {each.exercise for each in result.verdicts if each.score < each.max}
    if exercise == "penalty":  # the methods' classes build on it
        assert exercise in lost
    else:
        assert lost == {exercise}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gets_exactly_the_marks_of_its_honest_cells(graded: GradedClass, attack: Attack) -> None:
    result = graded.results[attack.name]
    lost = {each.exercise: each.messages for each in result.verdicts if each.score < each.max}
    assert set(lost) == attack.costs
    assert result.score == 40 - sum(POINTS[exercise] for exercise in attack.costs)


@pytest.mark.parametrize(
    ("student", "exercise", "state"),
    [
        ("eve-loop", "mas", State.TIMEOUT),
        ("eve-memory", "permutation", State.MEMORY),
        ("eve-exit", "ewc", State.ERROR),
        ("eve-equal-to-everything", "metrics", State.WRONG),
    ],
)
def test_each_ending_has_its_state(graded: GradedClass, student: str, exercise: str, state: State) -> None:
    assert graded.states(student)[exercise] is state


def test_nothing_of_the_course_was_read(graded: GradedClass) -> None:
    cells = graded.results["eve-read-outside"].notebook.cells
    printed = next(cell.outputs[0].text for cell in cells if "secrets" in cell.source)
    assert printed == "[]\n"


def test_a_submission_that_kills_workers_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker dies in reading what was handed in: a stand-in for the machine's own out-of-memory killer."""
    course = EXAMPLE.clone_to(tmp_path / "course")
    for student in ("ada", "bo", "killer", "zoe"):
        data = json.dumps({"said": f"{student} handed in no notebook"}).encode()
        written(course.submitted / student / "arrays" / "arrays.ipynb", data)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "sitecustomize.py").write_text(
        "import json, os\n"
        "loads = json.loads\n"
        "def dying(text, *arguments, **options):\n"
        "    if 'killer handed in' in str(text):\n"
        "        os._exit(9)\n"
        "    return loads(text, *arguments, **options)\n"
        "json.loads = dying\n"
    )
    results = list(grade_all(Assignment.load(course, "arrays"), find_submissions(course, "arrays"), 2))
    problems = {result.student: result.problem for result in results}
    assert len(results) == len(problems) == 4
    assert problems["killer"] == "Grading it ends the grader's own process."
    assert len(set(problems.values())) == 2


@pytest.mark.parametrize("name", COURSE.assignments)
def test_every_assignment_has_a_sample_class_of_its_own(name: str) -> None:
    assignment = Assignment.load(COURSE, name)
    students = roster(assignment)
    assert {f"mistake-{exercise}" for exercise, _ in assignment.exercises if "quiz" not in exercise} <= set(students)
    for attack in attacks(assignment):
        assert students[attack.name] != students["ada-as-taught"]
        assert attack.costs <= set(assignment.solution_cells)
