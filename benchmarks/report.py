"""The teacher's page on a class of a thousand: how long it takes and how large it is.

    python -m benchmarks.report [STUDENTS] [FOLDER]

A class is drawn (abilities from a normal distribution, known mistakes and quiz answers at random), recorded through the
real gradebook, and the page is written from what is recorded. FOLDER keeps the course with the page.
"""

from __future__ import annotations

import copy
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.quiz import Quiz
from autograder.gradebook.generate import register
from autograder.gradebook.record import record
from autograder.grading.grade import exercises_of, ungradable
from autograder.grading.result import QUIZ, Result
from autograder.handback.report import report
from autograder.judging.exercise import Exercise
from autograder.judging.verdict import CheckResult, State, Verdict

NAME = "hw14"
FAILURES = {
    State.ERROR: "Your cell raised NameError: name 'omega' is not defined",
    State.TIMEOUT: "Your code did not finish in time: look for a loop that never ends.",
    State.MEMORY: "Your code ran out of memory: look for a tensor that grows, or a graph that is kept.",
    State.MISSING: "This exercise has not been written yet.",
    State.WRONG: "The values are not right.",
}
REPAIRS = (
    "nbgrader's ids were lost; all exercises were found by their first line.",
    "The cell of exercise ewc had been turned into text; it is graded as code.",
    "A Python script was handed in place of a notebook; its cells were read from it.",
)


def drawn_class(assignment: Assignment, students: int, rng: np.random.Generator) -> Iterator[Result]:
    """Results of a class: two in a hundred cannot be graded, one in five notebooks was mended."""
    quiz = Quiz.load(assignment.course.solutions / "hw14" / "quiz.toml")
    hardness = {each.id: rng.normal(-0.7, 0.6) for each in exercises_of(assignment)}
    for number in range(students):
        student = f"r{13_000_000 + number:08d}"
        if rng.random() < 0.02:
            yield ungradable(assignment, student, "The file ends in the middle: half a download.")
            continue
        ability = rng.normal()
        notebook = copy.deepcopy(assignment.release)
        verdicts = []
        for exercise in exercises_of(assignment):
            right = rng.random() < 1 / (1 + np.exp(hardness[exercise.id] - 1.5 * ability))
            points = dict(assignment.exercises)[exercise.id]
            if exercise.id.startswith(QUIZ):
                question = quiz[exercise.id]
                letters = set(question.key)
                if not right:
                    letters ^= set(rng.choice([option.letter for option in question.options], size=1))
                cell = notebook.cells[assignment.solution_cells[exercise.id]]
                for letter in letters:
                    cell.source = cell.source.replace(f"\n{letter} = False", f"\n{letter} = True")
                state = State.CORRECT if right else State.WRONG if letters else State.MISSING
                verdicts.append(Verdict(exercise.id, points if right else 0.0, points, state))
            else:
                verdicts.append(_verdict(exercise, points, right, rng))
        repairs = (REPAIRS[rng.integers(len(REPAIRS))],) if rng.random() < 0.2 else ()
        yield Result(NAME, student, notebook, tuple(verdicts), repairs)


def _verdict(exercise: Exercise, points: float, right: bool, rng: np.random.Generator) -> Verdict:
    """Full marks; or a known mistake, the first of the bank most often; or a failure."""
    if right:
        checks = tuple(CheckResult(check.name, check.title, check.share, True) for check in exercise.checks)
        return Verdict(exercise.id, points, points, State.CORRECT, (), checks)
    if exercise.mistakes and rng.random() < 0.8:
        mistake = exercise.mistakes[min(int(rng.exponential(6)), len(exercise.mistakes) - 1)]
        share = float(rng.choice([0.0, 0.3, 0.5]))
        check = CheckResult(exercise.checks[0].name, "", 1.0, False, mistake.message, mistake.name)
        state = State.PARTIAL if share else State.WRONG
        return Verdict(exercise.id, round(points * share, 2), points, state, (mistake.message,), (check,))
    state = rng.choice(list(FAILURES), p=[0.3, 0.1, 0.1, 0.3, 0.2])
    return Verdict(exercise.id, 0.0, points, State(state), (FAILURES[State(state)],))


def main(students: int, folder: Path) -> None:
    """Draw, record and report; print seconds and size."""
    course = Course.find().clone_to(folder)
    register(course, NAME)
    start = time.monotonic()
    record(drawn_class(Assignment.load(course, NAME), students, np.random.default_rng(0)), course)
    recorded = time.monotonic()
    page = report(course, NAME)
    seconds = time.monotonic() - recorded
    print(f"{students} students: recorded in {recorded - start:.1f} s, page written in {seconds:.1f} s,", end=" ")
    print(f"{page.stat().st_size / 1e6:.2f} MB: {page}")


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    if len(sys.argv) > 2:
        main(number, Path(sys.argv[2]))
    else:
        temporary = Path(tempfile.mkdtemp())
        try:
            main(number, temporary)
        finally:
            shutil.rmtree(temporary)
