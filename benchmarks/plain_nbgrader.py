"""The same homework in plain nbgrader's hands: ``nbgrader autograde``, and of ours only what the hidden tests say.

They lie in the graded cells, as nbgrader's manual has it, ask the same questions and judge by the same oracles. So both
give the same marks, and what differs is how submissions are run.
"""

import os
import sys

import nbformat
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.course.course import Course
from autograder.course.source import is_graded, source_notebook
from autograder.gradebook.generate import create_gradebook
from autograder.gradebook.marks import read_marks
from autograder.gradebook.settings import settings
from benchmarks.processes import measure
from benchmarks.synthetic_class import NAME
from tests.places import ROOT, written
from tests.redteam.trial import MARKED

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


def grade(course: Course) -> tuple[float, dict[str, float]]:
    """Seconds that ``nbgrader autograde`` takes for all that was handed in, and student → the sum of the marks.

    Training is cut short and linear algebra has one thread, as here. The course is a clone for nbgrader alone, in which
    nothing was handed in that nbgrader cannot read.

    Raises:
        RuntimeError: nbgrader has left some ungraded.
    """
    create_gradebook(course)
    _release(course)
    (course.root / "nbgrader_config.py").write_text(CONFIG.format(course=course.name))
    judged = JUDGED.format(folder=str(course.solutions / NAME), points=MARKED)
    tests = written(course.root / "tests" / "judged.py", judged).parent
    command = [sys.executable, "-m", "nbgrader", "autograde", NAME]
    path = os.pathsep.join([str(tests), str(ROOT)])
    cost = measure(command, course.root, {"LIFELONG_BUDGET": "tiny", "OMP_NUM_THREADS": "1", "PYTHONPATH": path})
    folders = course.submitted, course.autograded
    students, graded = (len(list(each.glob(f"*/{NAME}/{NAME}.ipynb"))) for each in folders)
    if graded != students:
        raise RuntimeError(f"nbgrader has graded {graded} of {students}")
    return cost.seconds, {student: each.raw for student, each in read_marks(course, NAME).submissions.items()}


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
