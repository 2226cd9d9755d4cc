"""The same homework in plain nbgrader's hands: ``nbgrader autograde``, and of ours only what the hidden tests say.

They lie in the graded cells, as nbgrader's manual has it, ask the same questions and judge by the same oracles. So both
give the same marks, and what differs is how submissions are run.
"""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.course.course import Course
from autograder.course.source import is_graded, source_notebook
from autograder.gradebook.generate import create_gradebook
from autograder.gradebook.marks import read_marks
from autograder.gradebook.settings import settings
from benchmarks.processes import Cost, measure
from benchmarks.synthetic_class import NAME, Handin
from tests.redteam.trial import MARKED, hand_in

CONFIG = """c = get_config()
c.CourseDirectory.course_id = "{course}"
c.CourseDirectory.source_directory = "build/source"
c.CourseDirectory.release_directory = "assignments"
c.ExecutePreprocessor.timeout = 60
"""
"""nbgrader_config.py of a course that nbgrader grades by itself: its own steps, the same folders."""

GRADED = """# tests of {exercise}
### BEGIN HIDDEN TESTS
from judged import mark
score = mark({exercise!r}, globals())
assert score > 0
score
### END HIDDEN TESTS"""

JUDGED = '''
"""The hidden tests, as an instructor keeps them: a module that the tests import."""
from importlib import import_module
from pathlib import Path
import numpy
from autograder.course.quiz import Quiz
from autograder.grading.exercises import quiz_exercises
from autograder.judging.exercise import Outcome, Reply
from autograder.judging.judge import judge
from autograder.judging.modules import judges
from autograder.sandbox.inside.plain import to_arrays, to_plain
from autograder.sandbox.inside.probe import Names, probe_of

FOLDER = Path({folder!r})

def mark(name, names):
    """The points of one exercise."""
    known = judges(FOLDER / "judges") | {{each.id: each for each in quiz_exercises(Quiz.load(FOLDER / "quiz.toml"))}}
    driven = (FOLDER / "probes" / f"{{name}}.py").is_file()
    probes = {{name: import_module(f"solutions.hw14.probes.{{name}}").probe}} if driven else {{}}
    cases = known[name].draw(numpy.random.default_rng(7))
    replies = []
    for case in cases:
        try:
            value = to_plain(probe_of(name, probes)(Names(names), to_arrays(case.inputs, tensors=True)))
            replies.append(Reply(Outcome.OK, value=value))
        except Exception as error:
            replies.append(Reply(Outcome.ERROR, error={{"type": type(error).__name__, "message": str(error)}}))
    return judge(known[name], cases, replies, {points!r}.get(name, 0.4)).score
'''


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
    _release(course)
    (course.root / "nbgrader_config.py").write_text(CONFIG.format(course=course.name))
    tests = course.root / "tests"
    _write_judged(tests, course)
    students = []
    for handin in handins:
        students.append(f"s{handin.number:04d}")
        hand_in(course, students[-1], {f"{NAME}.ipynb": handin.data})
    command = [sys.executable, "-m", "nbgrader", "autograde", NAME]
    path = os.pathsep.join([str(tests), str(root)])
    cost = measure(command, course.root, {"LIFELONG_BUDGET": "tiny", "OMP_NUM_THREADS": "1", "PYTHONPATH": path})
    graded = len(list(course.autograded.glob(f"*/{NAME}/{NAME}.ipynb")))
    if graded != len(students):
        raise RuntimeError(f"nbgrader has graded {graded} of {len(students)}")
    marks = read_marks(course, NAME).submissions
    return Graded(cost, {student: marks[student].raw for student in students})


def _write_judged(folder: Path, course: Course) -> None:
    """Write the module of hidden tests into a new folder."""
    folder.mkdir()
    (folder / "judged.py").write_text(JUDGED.format(folder=str(course.solutions / NAME), points=MARKED))


def _release(course: Course) -> None:
    """Release the homework by nbgrader's own step, with hidden tests in its graded cells."""
    notebook = source_notebook(course, NAME)
    for cell in notebook.cells:
        if is_graded(cell):
            cell.source = GRADED.format(exercise=cell.metadata.nbgrader.grade_id.removesuffix("-test"))
    path = course.source_path(NAME)
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    config = settings(course)
    del config.GenerateAssignment
    config.merge(Config(CourseDirectory={"assignment_id": NAME}, GenerateAssignment={"force": True}))
    GenerateAssignment(coursedir=CourseDirectory(config=config), config=config).start()
