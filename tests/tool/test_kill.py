"""Grading that is killed and run again: ``python -m benchmarks.kill`` does it twenty times, this one a few."""

from pathlib import Path

import pytest

from autograder.course.assignment import Assignment
from autograder.gradebook.generate import register
from autograder.gradebook.record import record
from autograder.grading.grade import ungradable
from benchmarks.kill import differences, hand_in, sample_class
from tests.places import EXAMPLE, ROOT
from tests.processes import command

pytestmark = pytest.mark.heavy

NAME = "arrays"


def test_a_killed_grading_does_no_harm() -> None:
    """In a process of its own, for it adopts and counts all that grading leaves behind."""
    options = ["--moments", "1", "--size", "3", "--seed", "1", "--course", str(EXAMPLE.root)]
    said = command(ROOT, *options, module="benchmarks.kill")
    assert "1 of 1 kills of a batch of 3 did no harm." in said


def test_what_is_lost_doubled_or_left_is_found(tmp_path: Path) -> None:
    files = sample_class(Assignment.load(EXAMPLE, NAME), 2)
    courses = [hand_in(EXAMPLE, tmp_path / name, files) for name in ("one", "other")]
    for course, students in zip(courses, (list(files), list(files)[:1]), strict=True):
        register(course, NAME)
        record([ungradable(Assignment.load(course, NAME), student, "no reason") for student in students], course)
    one, other = courses
    assert differences(one, one) == []
    (one.root / ".draft").touch()
    gone = list(files)[1]
    found = differences(other, one)
    assert found[0] == f"lost: {gone}"
    assert f"odd file: autograded/{gone}/{NAME}/{NAME}.ipynb" in found
    assert "odd file: .draft" in found
