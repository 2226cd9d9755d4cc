"""Who is in the sample class, and what each of them hands in."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.demo import mangle
from autograder.demo.hostile import ATTACKS
from autograder.grading.result import QUIZ
from autograder.verify.bank import Kind, Sample, samples

UNFINISHED = ("si", "rwalk", "scp")
LAST_ANSWERED = "quiz-15"


def roster(assignment: Assignment) -> dict[str, tuple[str, bytes]]:
    """Student id → (file name, bytes) of every submission of the sample class."""
    solved = with_sources(assignment, {})
    bank = samples(assignment)
    styles = _by_exercise(bank, Kind.STYLE)
    mistakes = _by_exercise(bank, Kind.MISTAKE)
    name = f"{assignment.name}.ipynb"
    unfinished = [
        each
        for each, _ in assignment.exercises
        if each in UNFINISHED or (each.startswith(QUIZ) and each > LAST_ANSWERED)
    ]

    def other(sources: Mapping[str, str]) -> bytes:
        return mangle.plain(with_sources(assignment, sources))

    students: dict[str, tuple[str, bytes]] = {
        "ada-as-taught": (name, mangle.plain(solved)),
        "bo-other-style": (name, other({each: found[0].source for each, found in styles.items()})),
        "cy-yet-another-style": (name, other({each: found[-1].source for each, found in styles.items()})),
        "dee-colab": (f"Copy of {name}", mangle.colab(solved)),
        "eli-careless": (name, mangle.careless(solved)),
        "fay-script": (f"{assignment.name}.py", mangle.script(solved)),
        "gus-half-done": (name, other(_stubs(assignment, unfinished))),
        "hal-untouched": (name, mangle.plain(assignment.release)),
        "ida-many-mistakes": (
            name,
            other({each: found[0].source for each, found in mistakes.items()} | _guesses(solved)),
        ),
        "jo-syntax-error": (name, other({"ewc": "# exercise: ewc\nclass EWC(QuadraticPenalty)\n    pass"})),
        "kim-half-a-download": (name, mangle.truncated(solved)),
        "lee-web-page": (name, mangle.web_page(solved)),
    }
    for exercise, found in mistakes.items():
        sample = found[len(found) // 2]
        students[f"mistake-{exercise}"] = (name, other({exercise: sample.source}))
    for attack in ATTACKS:
        students[attack.name] = (name, mangle.plain(attack.apply(solved)))
    return students


def with_sources(assignment: Assignment, sources: Mapping[str, str]) -> NotebookNode:
    """The released notebook, solved, but with these sources in some solution cells."""
    notebook = copy.deepcopy(assignment.release)
    for cell in assignment.solution_notebook().cells:
        exercise = cell.metadata.get("nbgrader", {}).get("grade_id")
        if exercise in assignment.solution_cells:
            notebook.cells[assignment.solution_cells[exercise]].source = sources.get(exercise, cell.source)
    return notebook


def _stubs(assignment: Assignment, exercises: Iterable[str]) -> dict[str, str]:
    return {each: assignment.release.cells[assignment.solution_cells[each]].source for each in exercises}


def _guesses(solved: NotebookNode) -> dict[str, str]:
    """Every third question of the quiz, with A ticked where it should not be, or the other way round."""
    cells = [cell for cell in solved.cells if cell.source.startswith(f"# exercise: {QUIZ}")]
    return {
        cell.metadata.nbgrader.grade_id: re.sub(
            r"^A = (\w+)", lambda tick: f"A = {tick[1] != 'True'}", cell.source, flags=re.M
        )
        for cell in cells[::3]
    }


def _by_exercise(bank: Iterable[Sample], kind: Kind) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in bank:
        if sample.kind is kind:
            found.setdefault(sample.exercise, []).append(sample)
    return found
