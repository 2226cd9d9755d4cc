"""The same homework in plain nbgrader's hands: ``nbgrader autograde``, and of ours only what the hidden tests say.

They lie in the graded cells, as nbgrader's manual has it, ask the same questions and judge by the same oracles. So both
give the same marks, and what differs is how submissions are run.
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.course.course import Course
from autograder.course.source import source_notebook
from autograder.gradebook.generate import create_gradebook
from benchmarks.processes import Cost, measure
from benchmarks.redteam_nbgrader import GRADED, marks
from benchmarks.redteam_rival import release, write_judged
from benchmarks.synthetic_class import NAME, Handin
from tests.redteam.trial import hand_in

CONFIG = """c = get_config()
c.CourseDirectory.course_id = "{course}"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "assignments"
c.ExecutePreprocessor.timeout = 60
"""
"""nbgrader_config.py of a course that nbgrader grades by itself: its own steps, the same folders."""


@dataclass(frozen=True)
class Graded:
    """What came of it.

    Attributes:
        cost: what ``nbgrader autograde`` took.
        points: student → the sum of the marks.
    """

    cost: Cost
    points: dict[str, float]


def grade(root: Path, folder: Path, handins: Iterable[Handin]) -> Graded:
    """Grade submissions that nbgrader can read; training is cut short and linear algebra has one thread, as here.

    Args:
        root: the course.
        folder: where a course for nbgrader alone is made.
        handins: the submissions.

    Raises:
        RuntimeError: nbgrader has left some ungraded.
    """
    course = Course.at(root).clone_to(folder)
    create_gradebook(course)
    release(course, source_notebook(course, NAME), lambda exercise: GRADED.format(exercise=exercise))
    (course.root / "nbgrader_config.py").write_text(CONFIG.format(course=course.name))
    tests = course.root / "tests"
    write_judged(tests, course, "nobody looks for it")
    students = []
    for handin in handins:
        students.append(f"s{handin.number:04d}")
        hand_in(course, students[-1], {f"{NAME}.ipynb": handin.data})
    command = [sys.executable, "-m", "nbgrader", "autograde", NAME]
    path = os.pathsep.join([str(tests), str(root)])
    cost = measure(command, course.root, {"LIFELONG_BUDGET": "tiny", "OMP_NUM_THREADS": "1", "PYTHONPATH": path})
    points = {student: float(sum(marks(course, student).values())) for student in students}
    graded = len(list(course.autograded.glob(f"*/{NAME}/{NAME}.ipynb")))
    if graded != len(students):
        raise RuntimeError(f"nbgrader has graded {graded} of {len(students)}")
    return Graded(cost, points)
