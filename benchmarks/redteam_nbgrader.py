"""The red team against plain nbgrader, each attack in a throw-away course full of canaries.

``benchmarks.redteam`` runs this inside bubblewrap: ``python -m benchmarks.redteam_nbgrader ROOT FOLDER NAME…`` prints a
line of JSON for each attack. nbgrader is set up as its manual says: the tests are hidden cells
that run beside the student's code. They are ours, the same drawn inputs, oracles and partial credit, so
that what differs is only where they run.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.assignment import Assignment
from autograder.course import Course
from autograder.source import is_graded, source_notebook
from benchmarks.warm_kernels import specification
from tests.redteam import ATTACKS, Aim, Attack, pages
from tests.redteam.canaries import Canaries, _marked
from tests.redteam.corpus import ALL, BREACH, Work
from tests.redteam.trial import MARKED, hand_in

BYSTANDER = "zz-bystander"
CELL_SECONDS = 8
SECONDS = 120

JUDGED = '''
"""The hidden tests, as an instructor keeps them: a module that the graded cells import."""
import numpy
from autograder.exercise import Outcome, Reply
from autograder.judge import judge
from autograder.sandbox.inside.plain import to_torch, to_plain
from autograder.sandbox.inside.probe import Names, probe_of
from autograder.units.hw14 import EXERCISES
from autograder.units.hw14.probes import PROBES
from autograder.quiz import Quiz, quiz_exercises

SECRET = "{secret}"

def mark(name, names):
    """The points of one exercise, from 0 to 1."""
    known = {{each.id: each for each in (*EXERCISES, *quiz_exercises(Quiz.load({quiz!r})))}}
    exercise = known[name]
    cases = exercise.draw(numpy.random.default_rng(7))
    replies = []
    for case in cases:
        try:
            value = to_plain(probe_of(name, PROBES)(Names(names), to_torch(case.inputs)))
            replies.append(Reply(Outcome.OK, value=value))
        except Exception as error:
            replies.append(Reply(Outcome.ERROR, error={{"type": type(error).__name__, "message": str(error)}}))
    return judge(exercise, cases, replies, {points!r}.get(name, 0.4)).score
'''


def main(root: Path, folder: Path, names: list[str]) -> None:
    """Run the attacks of these names one after another, each against a course of its own."""
    rival(root, folder / "template")
    specification(folder / "jupyter", folder / "kernels.socket")
    os.environ["JUPYTER_PATH"] = str(folder / "jupyter")
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.warm_kernels", str(folder / "kernels.socket")])
    while not (folder / "kernels.socket").exists():
        time.sleep(0.1)
    keep = {os.getpid(), os.getppid(), server.pid, 1}
    known = {each.name: each for each in ATTACKS}
    for attack in [known[name] for name in names]:
        scene = folder / "scene"
        child = os.fork()
        if child == 0:
            try:
                run(attack, root, folder / "template", scene)
            finally:
                os._exit(0)
        if not _ends(child):
            print(
                json.dumps({"attack": attack.name, "successes": ["grading never ends"], "seconds": SECONDS}), flush=True
            )
        _clean(keep, scene)
    server.kill()


def _ends(child: int) -> bool:
    """Whether a process ends within the time that an instructor waits for it; after that it is killed."""
    for _ in range(SECONDS * 10):
        if os.waitpid(child, os.WNOHANG)[0]:
            return True
        time.sleep(0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def _clean(keep: set[int], scene: Path) -> None:
    """Remove what an attack left, so that it is not blamed on the next."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) not in keep:
            with contextlib.suppress(OSError):
                os.kill(int(process.name), signal.SIGKILL)
    shutil.rmtree(scene, ignore_errors=True)
    for path in _marked():
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def run(attack: Attack, root: Path, template: Path, folder: Path) -> None:
    """Run one attack and print what it achieved."""
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
        (folder / "judged").mkdir()
        secret = canaries._token("the hidden tests")
        code = JUDGED.format(secret=secret, quiz=Path(course.solutions / "quiz.toml"), points=MARKED)
        (folder / "judged" / "judged.py").write_text(code.replace("PosixPath(", "__import__('pathlib').Path("))
        os.environ["PYTHONPATH"] = f"{folder / 'judged'}:{root}"
        canaries._before = canaries._tree()
        nbgrader(course, attack.theme == "reader" or attack.aim is Aim.LEAK)
        found = list(achieved(attack, course, canaries, accompanied))
    print(json.dumps({"attack": attack.name, "successes": found, "seconds": time.monotonic() - start}), flush=True)


def rival(root: Path, folder: Path) -> Course:
    """A course whose graded cells hold hidden tests, released by nbgrader; its homework does not train."""
    course = Course.at(root).clone_to(folder)
    notebook = source_notebook(course, "hw14")
    keep = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and ("nbgrader" in cell.metadata or "import" in cell.source)
    ]
    for cell in keep:
        if is_graded(cell):
            exercise = cell.metadata.nbgrader.grade_id.removesuffix("-test")
            tests = f"from judged import mark\nscore = mark({exercise!r}, globals())\nassert score > 0\nscore"
            cell.source = f"# tests of {exercise}\n### BEGIN HIDDEN TESTS\n{tests}\n### END HIDDEN TESTS"
        else:
            cell.source = "\n".join(line for line in cell.source.split("\n") if not line.lstrip().startswith("%pip"))
    notebook.cells = keep
    path = course.source_path("hw14")
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)
    _run(GenerateAssignment, course)
    return course


def nbgrader(course: Course, paged: bool) -> None:
    """Grade everything that was handed in, as ``nbgrader autograde`` does, and make the pages."""
    for converter in (Autograde, GenerateFeedback) if paged else (Autograde,):
        try:
            _run(converter, course)
        except Exception as error:  # what is left undone is seen in the gradebook
            print(type(error).__name__, str(error)[:200], file=sys.stderr)


def _run(converter: type, course: Course) -> None:
    config = course.config()
    del config.GenerateAssignment  # nbgrader's own steps
    config.merge(
        Config(
            CourseDirectory={"assignment_id": "hw14"},
            ExecutePreprocessor={"timeout": CELL_SECONDS},
            GenerateAssignment={"force": True},
        )
    )
    converter(coursedir=CourseDirectory(config=config), config=config).start()


def achieved(attack: Attack, course: Course, canaries: Canaries, accompanied: bool) -> Iterator[str]:
    """What the attack achieved, a phrase each: the same things as in the sandbox's own trial."""
    marks, bystander = scores(course, attack.student), scores(course, BYSTANDER)
    if accompanied and abs(sum(bystander.values()) - 40) > 0.01:
        yield f"the next student gets {sum(bystander.values()):g} of 40"
    lost = 0
    for exercise, score in marks.items():
        honest = 0.0 if exercise in attack.costs else MARKED.get(exercise, 0.4)
        if score > honest + 0.01:
            yield f"gains {score - honest:g} points in {exercise}"
        lost += score < honest - 0.01 and exercise not in attack.hurts and attack.hurts != ALL
    if attack.aim is Aim.DENIAL and (lost or not marks) and not attack.ungradable:
        yield f"loses the marks of {lost or 'all'} honest exercises"
    yield from (each for each in canaries.changes() if _is_harm(each))
    text = _read(course.autograded / attack.student / "hw14", "*.ipynb")
    page = _read(course.feedback / attack.student / "hw14", "*.html")
    yield from (f"leaks {place}" for place in canaries.leaked((text + page).encode()))
    if BREACH in text:
        yield "breach: " + text[text.index(BREACH) :][:60]
    if page:
        yield from pages.added(page, _read(course.feedback / BYSTANDER / "hw14", "*.html"))


def _is_harm(change: str) -> bool:
    """Whether a change is the attack's: nbgrader itself leaves settings and caches in the home directory."""
    if change.startswith("left by the grader"):
        return False
    path = Path(change.removeprefix("changed: "))
    if not change.startswith("changed: ") or not path.is_file() or path.suffix == ".canary":
        return True
    return "redteam" in path.read_text(errors="replace")


def scores(course: Course, student: str) -> Counter[str]:
    """The marks of a student in the gradebook, by exercise; none where there is no submission."""
    with Gradebook(course.db_url, course.name) as gradebook:
        try:
            notebook = gradebook.find_submission_notebook("hw14", "hw14", student)
        except MissingEntry:
            return Counter()
        return Counter({grade.name.removesuffix("-test"): grade.score for grade in notebook.grades})


def _read(folder: Path, pattern: str) -> str:
    return "".join(path.read_text(errors="replace") for path in sorted(folder.glob(pattern)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
