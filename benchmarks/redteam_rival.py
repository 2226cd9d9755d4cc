"""What the red team's trials of other graders share: the course they grade, the hidden tests, what counts as success.

``benchmarks.redteam`` runs ``benchmarks.redteam_nbgrader`` and ``benchmarks.redteam_otter`` inside bubblewrap. Each
grader is set up as its manual says: hidden tests run beside the student's code. They are ours, the same drawn inputs,
oracles and points, so that what differs is only where they run. Each attack meets a throw-away course full of canaries.
"""

import contextlib
import importlib
import json
import os
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.source import is_graded, source_notebook
from autograder.gradebook.settings import settings
from benchmarks import warm_kernels
from tests.redteam import ATTACKS, Aim, Attack, pages
from tests.redteam.canaries import Canaries, _marked
from tests.redteam.corpus import ALL, BREACH, Work
from tests.redteam.trial import MARKED, hand_in

BYSTANDER = "zz-bystander"
FULL = 40
HONEST = Attack(
    "honest", "", Aim.DENIAL, "No attack.", frozenset(), frozenset(), "honest", False, False, lambda _: None
)
"""A trial of the trial: it must get full marks beside a next student who gets them, too."""

SECONDS = 150
"""How long an instructor waits for the grading of two submissions before it counts as never ending."""

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

SECRET = "{secret}"
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


def write_judged(folder: Path, course: Course, secret: str) -> None:
    """Write the module of hidden tests into a new folder."""
    folder.mkdir()
    text = JUDGED.format(secret=secret, folder=str(course.solutions / "hw14"), points=MARKED)
    (folder / "judged.py").write_text(text)


@dataclass(frozen=True)
class Outcome:
    """What a grader made of one submission.

    Attributes:
        marks: the points by exercise; none where there are no marks.
        text: what grading wrote down beside them: outputs, results.
        page: the page that the student gets back, as HTML; empty where there is none.
    """

    marks: Counter[str]
    text: str
    page: str


class Grader(Protocol):
    """A grader on trial."""

    modules: tuple[str, ...]
    """What its kernels import before they start, beside what homework imports."""

    def prepare(self, root: Path, folder: Path) -> None:
        """Make the course that attacks are handed in to."""

    def grade(self, course: Course, paged: bool) -> None:
        """Grade all that was handed in; make the students' pages when asked."""

    def outcome(self, course: Course, student: str) -> Outcome:
        """What came of a student's submission."""


def serve(grader: Grader, root: Path, folder: Path) -> None:
    """Run the attacks whose names come in, line by line, and print a line of JSON for each."""
    kernels = folder / "kernels.socket"
    folder.mkdir()
    warm_kernels.specification(folder / "jupyter", kernels)
    os.environ["JUPYTER_PATH"] = str(folder / "jupyter")
    for name in (*warm_kernels.IMPORTED, *grader.modules):
        importlib.import_module(name)
    grader.prepare(root, folder / "template")
    known = {each.name: each for each in (*ATTACKS, HONEST)}
    for line in sys.stdin:
        attack, scene = known[line.strip()], folder / "scene"
        server = _kernels(kernels)
        child = os.fork()
        if child == 0:
            try:
                _run(grader, attack, root, folder / "template", scene)
            finally:
                os._exit(0)
        if not ends(child, SECONDS):
            _report(attack, ["grading never ends"], SECONDS)
        _clean(scene)
        os.waitpid(server, 0)
        kernels.unlink(missing_ok=True)


def _kernels(path: Path) -> int:
    """The process that forks warm kernels: a new one for each attack, since they can reach it."""
    server = os.fork()
    if server == 0:  # and in all kernels: no word from and to whoever runs this
        nowhere = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(nowhere, descriptor)
        warm_kernels.main(str(path))
    while not path.exists():
        time.sleep(0.01)
    return server


def ends(child: int, seconds: float) -> bool:
    """Whether a process ends within its time; after that it is killed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _report(attack: Attack, successes: list[str], seconds: float) -> None:
    print(json.dumps({"attack": attack.name, "successes": successes, "seconds": round(seconds, 1)}), flush=True)


def _clean(scene: Path) -> None:
    """Remove what an attack left, so that it is not blamed on the next."""
    keep = {os.getpid(), os.getppid(), 1}
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) not in keep:
            with contextlib.suppress(OSError):
                os.kill(int(process.name), signal.SIGKILL)
    shutil.rmtree(scene, ignore_errors=True)
    for path in _marked():
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _run(grader: Grader, attack: Attack, root: Path, template: Path, folder: Path) -> None:
    """Run one attack and report what it achieved."""
    shutil.copytree(template, folder / "course", symlinks=True)
    course = Course.at(folder / "course")
    canaries = Canaries(folder, course)
    start = time.monotonic()
    with canaries.planted():
        assignment = Assignment.load(course, "hw14")
        hand_in(course, attack.student, attack.handin(Work.of(assignment)))
        accompanied = attack.theme == "reader" or attack.aim in (Aim.HARM, Aim.DENIAL)
        if accompanied:  # the next student, whom harm and denial are meant to reach
            hand_in(course, BYSTANDER, {"hw14.ipynb": Work.of(assignment).bytes()})
        write_judged(folder / "judged", course, canaries._token("the hidden tests"))
        os.environ["PYTHONPATH"] = f"{folder / 'judged'}:{os.environ['PYTHONPATH']}"
        canaries._before = canaries._tree()
        grader.grade(course, attack.theme == "reader" or attack.aim is Aim.LEAK)
        found = list(_achieved(grader, attack, course, canaries, accompanied))
    _report(attack, found, time.monotonic() - start)


def template(root: Path, folder: Path, graded: Callable[[str], str]) -> Course:
    """A course as it is before the term, released by nbgrader; its homework does not train.

    Args:
        root: the course that it is copied from.
        folder: where it is made.
        graded: the source of an exercise's graded cell.
    """
    course = Course.at(root).clone_to(folder)
    notebook = source_notebook(course, "hw14")
    keep = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and ("nbgrader" in cell.metadata or "import" in cell.source)
    ]
    for cell in keep:
        cell.source = "\n".join(line for line in cell.source.split("\n") if not line.lstrip().startswith("%pip"))
    notebook.cells = keep
    release(course, notebook, graded)
    return course


def release(course: Course, notebook: NotebookNode, graded: Callable[[str], str]) -> None:
    """Release a source notebook by nbgrader's own step, with ``graded(exercise)`` in its graded cells."""
    for cell in notebook.cells:
        if is_graded(cell):
            cell.source = graded(cell.metadata.nbgrader.grade_id.removesuffix("-test"))
    path = course.source_path("hw14")
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    convert(GenerateAssignment, course)


def convert(converter: type, course: Course, **more: dict[str, object]) -> None:
    """One step of nbgrader's own, none of ours in it."""
    config = settings(course)
    del config.GenerateAssignment
    config.merge(Config(CourseDirectory={"assignment_id": "hw14"}, GenerateAssignment={"force": True}, **more))
    converter(coursedir=CourseDirectory(config=config), config=config).start()


def _achieved(grader: Grader, attack: Attack, course: Course, canaries: Canaries, accompanied: bool) -> Iterator[str]:
    """What the attack achieved, a phrase each: the same things as in the sandbox's own trial."""
    own, bystander = grader.outcome(course, attack.student), grader.outcome(course, BYSTANDER)
    if accompanied and abs(sum(bystander.marks.values()) - FULL) > 0.01:
        yield f"the next student gets {sum(bystander.marks.values()):g} of {FULL}"
    lost = 0
    for exercise, score in own.marks.items():
        honest = 0.0 if exercise in attack.costs else MARKED.get(exercise, 0.4)
        if score > honest + 0.01:
            yield f"gains {score - honest:g} points in {exercise}"
        lost += score < honest - 0.01 and exercise not in attack.hurts and attack.hurts != ALL
    if attack.aim is Aim.DENIAL and (lost or not own.marks) and not attack.ungradable:
        yield f"loses the marks of {lost or 'all'} honest exercises"
    yield from (each for each in canaries.changes() if _is_harm(each))
    yield from (f"leaks {place}" for place in canaries.leaked((own.text + own.page).encode()))
    if BREACH in own.text:
        yield "breach: " + own.text[own.text.index(BREACH) :][:60]
    if own.page and bystander.page:
        yield from pages.added(own.page, bystander.page)


def _is_harm(change: str) -> bool:
    """Whether a change is the attack's: graders leave settings and caches in the home directory."""
    if change.startswith("left by the grader"):
        return False
    path = Path(change.removeprefix("changed: "))
    if path.name == "history.sqlite":  # IPython keeps every cell there
        return False
    if not change.startswith("changed: ") or not path.is_file() or path.suffix == ".canary":
        return True
    return "redteam" in path.read_text(errors="replace")
