"""Same submission, same marks and messages; another student, other inputs; every submission has a verdict."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.demo import mangle
from autograder.demo.roster import roster, with_sources
from autograder.gradebook.generate import create_gradebook
from autograder.grading.classroom import find_submissions
from autograder.grading.grade import exercises_of, generator
from autograder.grading.result import QUIZ
from autograder.judging.exercise import Exercise
from tests.places import COURSE, EXAMPLE, written
from tests.processes import command

pytestmark = pytest.mark.heavy

EXERCISES = [
    pytest.param(assignment, exercise, id=f"{name}-{exercise.id}")
    for name in COURSE.assignments
    for assignment in [Assignment.load(COURSE, name)]
    for exercise in exercises_of(assignment)
    if not exercise.id.startswith(QUIZ)  # a question has no inputs
]
STUDENTS = ("ida-many-mistakes", "eve-drop-asserts", "eli-careless")
LOTTERY = """# exercise: metrics
import random, numpy, torch
draws = [hash("ewc"), random.random(), numpy.random.rand(), torch.rand(1).item(), numpy.random.default_rng(0).random()]
raise ValueError(str([*draws, {"ewc", "mas", "si", "rwalk", "scp"}]))
"""  # what chance gives reaches a message


def plain(tree: Any) -> Any:
    """The tree with arrays as bytes, to be compared whole."""
    if isinstance(tree, np.ndarray):
        return str(tree.dtype), tree.shape, tree.tobytes()
    if isinstance(tree, Mapping):
        return {key: plain(value) for key, value in tree.items()}
    return [plain(each) for each in tree] if isinstance(tree, list | tuple) else tree


@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES)
def test_inputs_are_ones_own(assignment: Assignment, exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> None:
    def drawn(student: str, seed: str) -> Any:
        monkeypatch.setenv("AUTOGRADER_SEED", seed)
        return plain([case.inputs for case in exercise.draw(generator(assignment, student, exercise.id))])

    assert drawn("ada", "secret") == drawn("ada", "secret")
    assert drawn("ada", "secret") != drawn("bo", "secret")
    assert drawn("ada", "secret") != drawn("ada", "another secret")


def test_marks_and_messages_are_the_same_on_every_regrade(tmp_path: Path) -> None:
    """By other processes, of another number, that hash in another order; to the last letter of a message."""
    course = COURSE.clone_to(tmp_path / "course")
    submissions = roster(Assignment.load(course, "hw14"))
    lottery = with_sources(Assignment.load(course, "hw14"), {"metrics": LOTTERY})
    submissions["lou-lottery"] = ("hw14.ipynb", mangle.plain(lottery))
    for student in (*STUDENTS, "lou-lottery"):
        filename, data = submissions[student]
        written(course.submitted / student / "hw14" / filename, data)
    first, second = (_grade(course, "hw14", tmp_path / f"{jobs}.json", jobs) for jobs in (1, 2))
    assert [result["student"] for result in first] == sorted((*STUDENTS, "lou-lottery"))
    assert first == second
    assert "ValueError" in json.dumps(first)


def _grade(course: Course, name: str, output: Path, jobs: int) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONHASHSEED", str(jobs))
        options = ("--jobs", str(jobs), "--json", str(output))
        command(course.root, "grade", name, *options, module="autograder")
    return json.loads(output.read_text())


HOSTILE_FOLDERS = {
    "a link to itself": lambda folder: (folder / "arrays.ipynb").symlink_to("arrays.ipynb"),
    "links in a ring": lambda folder: [(folder / a).symlink_to(b) for a, b in (("a.py", "b.py"), ("b.py", "a.py"))],
    "a link to the folder above": lambda folder: (folder / "up").symlink_to(".."),
    "a link to the class": lambda folder: (folder / "arrays.ipynb").symlink_to("../../ada/arrays/arrays.ipynb"),
    "a link to nowhere": lambda folder: (folder / "arrays.ipynb").symlink_to("/nowhere"),
    "a pipe": lambda folder: os.mkfifo(folder / "arrays.ipynb"),
    "a folder of the notebook's name": lambda folder: (folder / "arrays.ipynb").mkdir(),
    "a name that is no UTF-8": lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/\xff.ipynb")).write_bytes(b"x"),
    "a name with line ends": lambda folder: (folder / "a\n\x1b[31m.ipynb").write_bytes(b"x"),
    "a deep folder": lambda folder: (folder.joinpath(*["d"] * 300)).mkdir(parents=True),
    "nothing": lambda folder: None,
}


def test_a_batch_ends_with_a_verdict_for_every_submission(tmp_path: Path) -> None:
    course = EXAMPLE.clone_to(tmp_path / "course")
    for number, fill in enumerate(HOSTILE_FOLDERS.values()):
        folder = course.submitted / f"student-{number:02d}" / "arrays"
        folder.mkdir(parents=True)
        fill(folder)
    written(course.submitted / "ada" / "arrays" / "arrays.ipynb", b"no notebook")
    create_gradebook(course)
    assert len(find_submissions(course, "arrays")) == len(HOSTILE_FOLDERS) + 1
    results = _grade(course, "arrays", tmp_path / "out.json", 2)
    assert [result["student"] for result in results] == sorted(path.name for path in course.submitted.iterdir())
    assert all(result["problem"] for result in results)
    assert len(list(course.autograded.glob("*/arrays/arrays.ipynb"))) == len(results)
