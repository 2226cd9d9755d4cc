"""Grade the corpus for real, and say of every attack what it achieved."""

import contextlib
import json
import os
import re
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograder.cli.tables import class_table, result_table
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.generate import register
from autograder.gradebook.record import record
from autograder.grading.classroom import Submission, find_submissions, read
from autograder.grading.grade import ungradable
from autograder.grading.result import Result
from autograder.grading.worker import grade_safely
from autograder.handback.feedback import FeedbackError, feedback
from autograder.handback.grades_csv import export
from autograder.ingest import Ungradable
from autograder.sandbox import Limits, Sandbox
from tests.processes import descendants, wait_for
from tests.tool.sandboxes import setup
from tests.tool.test_terminal_tables import shown

from . import pages
from .canaries import Canaries, hidden_inputs, letters
from .corpus import ALL, BREACH, Aim, Attack, Link, Work

TIMES = {"cell_seconds": 2.5, "grace_seconds": 0.5, "submission_seconds": 45.0, "cpu_seconds": 20}
LIMITS = Limits(**TIMES, total_memory_mb=1536, output_mb=12, restarts=3)
"""Shorter than a class's, so that the bombs are over soon."""

SLACK_SECONDS = 300.0
"""How much longer than its limit a submission may take before it counts as denial."""

HOST_MB = 600
"""How much memory of the grader's own a submission may take, MiB."""

BATCH = 12
"""After so many attacks comes an honest submission."""

MARKED = {"permutation": 2, "metrics": 3, "penalty": 4, "ewc": 4, "mas": 4, "si": 4, "rwalk": 5, "scp": 4}
FULL = sum(MARKED.values()) + 0.4
"""The points of the short homework, with its one question."""


@dataclass(frozen=True)
class Finding:
    """What one submission achieved: a phrase per success, and the points of its honest cells beside its own."""

    attack: Attack
    score: float
    honest: float
    successes: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Trial:
    """A whole run: a finding per attack, what changed outside the sandbox, secrets that came out anywhere, the number
    of honest submissions among the attacks, and those of them that got other marks than they should."""

    findings: tuple[Finding, ...]
    outside: tuple[str, ...]
    leaks: tuple[str, ...]
    bystanders: int
    wronged: tuple[str, ...]


def short_course(root: Path, folder: Path) -> Course:
    """A throw-away course whose hw14 does not train and asks one question: that takes half of the time."""
    course = Course.at(root).clone_to(folder)
    quiz = course.solutions / "hw14" / "quiz.toml"
    quiz.write_text("[[questions]]".join(quiz.read_text().split("[[questions]]")[:2]))
    file = course.root / "course.toml"
    file.write_text(re.sub(r"quiz_points *= *10\b", "quiz_points = 0.4", file.read_text()))
    course = Course.at(folder)
    path = course.release_path("hw14")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if (cell.cell_type != "code" or "nbgrader" in cell.metadata or "import" in cell.source)
        and not re.match(r"quiz-(?!01)", cell.metadata.get("nbgrader", {}).get("grade_id", ""))
    ]
    nbformat.write(notebook, path)
    register(course, "hw14")
    return course


def hand_in(course: Course, student: str, files: dict[str, bytes | Link]) -> None:
    """Put a submission's files where students' files lie."""
    folder = course.submitted / student / "hw14"
    folder.mkdir(parents=True, exist_ok=True)
    for name, contents in files.items():
        if isinstance(contents, Link):
            (folder / name).symlink_to(course.root / contents.target)
        else:
            (folder / name).write_bytes(contents)


def run(attacks: Sequence[Attack], root: Path, folder: Path) -> Trial:
    """Hand in, grade, record, export and hand back the attacks among honest submissions, and look what came of it.

    The course at ``root`` is copied into an empty folder, beside the canaries.
    """
    course = short_course(root, folder / "course")
    assignment = Assignment.load(course, "hw14")
    with Canaries(folder, course).planted() as canaries:
        return _Run(attacks, assignment, canaries).result()


class _Run:
    """One run of the corpus."""

    def __init__(self, attacks: Sequence[Attack], assignment: Assignment, canaries: Canaries) -> None:
        self.attacks, self.assignment, self.canaries = attacks, assignment, canaries
        self.course = assignment.course
        self.seconds: dict[str, float] = {}
        self.notes: dict[str, list[str]] = {}
        self.graded: dict[str, Result] = {}

    def result(self) -> Trial:
        order = self._hand_in()
        self.canaries._before = self.canaries._tree()
        self._grade(order)
        record(self.graded.values(), self.course)
        outputs = self._outputs()
        wronged = [f"{name}: {graded.score}" for name, graded in self.graded.items() if self._wronged(name, graded)]
        findings = [self._finding(attack, outputs) for attack in self.attacks]
        leaks = self.canaries.leaked(b"".join(outputs.values()))
        bystanders = sum(name.startswith("bystander") for name in self.graded)
        return Trial(tuple(findings), tuple(self.canaries.changes()), tuple(leaks), bystanders, tuple(wronged))

    def _hand_in(self) -> list[str]:
        """Write all submissions; the students in the order in which they are graded."""
        order = []
        for number, attack in enumerate(self.attacks):
            if number % BATCH == 0:
                order.append(self._bystander(number // BATCH))
            hand_in(self.course, attack.student, attack.handin(Work.of(self.assignment)))
            order.append(attack.student)
        return [*order, self._bystander(len(order))]

    def _bystander(self, number: int) -> str:
        """An honest submission, in every second of which one exercise is not done."""
        work = Work.of(self.assignment)
        if number % 2:
            work.give_up("mas")
        hand_in(self.course, f"bystander-{number}", {"hw14.ipynb": work.bytes()})
        return f"bystander-{number}"

    def _wronged(self, student: str, graded: Result) -> bool:
        honest = student.startswith("bystander")
        return honest and graded.score != (FULL - 4 if int(student.split("-")[1]) % 2 else FULL)

    def _result(self, submission: Submission, sandbox: Sandbox) -> Result:
        try:
            return grade_safely(read(submission), self.assignment, sandbox, "")
        except Ungradable as reason:
            return ungradable(self.assignment, submission.student, str(reason))

    def _grade(self, order: Sequence[str]) -> None:
        found = {each.student: each for each in find_submissions(self.course, "hw14")}
        own = descendants(os.getpid())
        with Sandbox(setup("hw14", LIMITS), private=[self.course.root]) as sandbox:
            warm, self.wall = len(descendants(sandbox._process.pid)), sandbox.wall
            for student in order:
                notes = self.notes[student] = []
                with _watched(notes):
                    start = time.monotonic()
                    self.graded[student] = self._result(found.get(student, Submission(student, None)), sandbox)
                    self.seconds[student] = time.monotonic() - start
                if not wait_for(lambda: self._alone(sandbox, own, warm), 60):
                    notes.append("processes outlive it")
            sandbox._log.seek(0)
            self.log = sandbox._log.read()
        if not wait_for(lambda: descendants(os.getpid()).keys() <= own.keys(), 60):
            raise AssertionError("the sandbox left processes behind")

    def _alone(self, sandbox: Sandbox, own: Collection[int], warm: int) -> bool:
        """Whether there is nothing but the warm sandbox, which may have been started anew meanwhile."""
        inside = descendants(sandbox._process.pid)
        others = descendants(os.getpid()).keys() - inside.keys() - {sandbox._process.pid}
        return len(inside) <= warm and others <= set(own)

    def _outputs(self) -> dict[str, bytes]:
        """All that comes out, student by student, and what is common to them under an empty name."""
        outputs = {}
        for student, graded in self.graded.items():
            notebook = self.course.autograded / student / "hw14" / "hw14.ipynb"
            outputs[student] = json.dumps(graded.to_json(), ensure_ascii=False).encode() + notebook.read_bytes()
            outputs[student] += shown(result_table(graded)).encode()
        self.pages = self._pages()
        for student, page in self.pages.items():
            outputs[student] += page.encode()
        self.csv = export(self.course, "hw14", self.canaries.folder / "grades.csv").read_text()
        (self.canaries.folder / "grades.csv").unlink()
        rows = "\n".join(row for row in self.csv.splitlines() if "zz-secretive" not in row)
        outputs[""] = (rows + shown(class_table(list(self.graded.values()), {}))).encode() + self.log
        return outputs

    def _pages(self) -> dict[str, str]:
        """The feedback pages, as far as they could be made."""
        with contextlib.suppress(FeedbackError):
            feedback(self.course, "hw14")
        pages_of = {name: self.course.feedback / name / "hw14" / "hw14.html" for name in self.graded}
        return {name: path.read_text() for name, path in pages_of.items() if path.is_file()}

    def _finding(self, attack: Attack, outputs: dict[str, bytes]) -> Finding:
        student = attack.student
        graded = self.graded[student]
        waits = attack.ungradable is True or (attack.ungradable == self.wall and bool(graded.problem))
        found = [*self.notes[student], *_points(attack, graded, waits), *self._leaks(attack, outputs[student])]
        if self.seconds[student] > LIMITS.submission_seconds + SLACK_SECONDS:
            found.append(f"took {self.seconds[student]:.0f} s")
        if student in self.pages:
            found += pages.added(self.pages[student], self.pages["bystander-0"])
        elif attack.theme == "reader":
            found.append("has no feedback page")
        if attack.theme == "reader":
            path = self.course.autograded / student / "hw14" / "hw14.ipynb"
            found += pages.painted(nbformat.read(path, as_version=4))
        found += pages.escapes(shown(result_table(graded)))
        found += [each for each in pages.formulas(self.csv) if attack.student[:20] in each]
        honest = 0.0 if waits else round(FULL - sum(_worth(each) for each in attack.costs), 2)
        return Finding(attack, graded.score, honest, tuple(found), self.seconds[student])

    def _leaks(self, attack: Attack, text: bytes) -> Iterator[str]:
        """Secrets, breaches and hidden inputs in what came out of one submission."""
        for place in self.canaries.leaked(text):
            yield f"leaks {place}"
        if BREACH.encode() in text:
            at = text.index(BREACH.encode())
            yield "breach: " + text[at : at + 60].decode(errors="replace")
        hidden = hidden_inputs(self.assignment, attack.student) if attack.aim is Aim.LEAK else {}
        for name, digits in hidden.items():
            if digits[:16].encode() in text or letters(digits[:16]).encode() in text:
                yield f"leaks {name}"
                break


def _worth(exercise: str) -> float:
    return MARKED.get(exercise, 0.4)


def _points(attack: Attack, graded: Result, waits: bool) -> Iterator[str]:
    """Marks that are not those of the honest cells, one phrase each."""
    if waits != bool(graded.problem):
        yield f"is not left to a person: {graded.problem}" if waits else f"ungradable: {graded.problem}"
    if graded.problem:
        return
    lost = []
    for verdict in graded.verdicts:
        honest = 0.0 if verdict.exercise in attack.costs else _worth(verdict.exercise)
        if verdict.score > honest:
            yield f"gains {verdict.score - honest:g} points in {verdict.exercise}"
        if verdict.score < honest and not _spoils(attack, verdict.exercise):
            lost.append(f"{verdict.exercise} ({' '.join(verdict.messages)[:80]})")
    if lost:
        yield f"loses points in {len(lost)} exercises: {lost[0]}"


def _spoils(attack: Attack, exercise: str) -> bool:
    """Whether an attack may spoil an exercise for itself; who spoils them all may spoil the quiz."""
    return exercise in attack.hurts or (exercise.startswith("quiz") and attack.hurts == ALL)


@contextlib.contextmanager
def _watched(notes: list[str]) -> Iterator[None]:
    """Note how much memory the grader's own process takes meanwhile."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    before = _status("VmRSS")
    yield
    taken = (_status("VmHWM") - before) >> 10
    if taken > HOST_MB:
        notes.append(f"takes {taken} MiB of the grader's memory")


def _status(field: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))
