"""Who is in the sample class, and what each of them hands in."""

import copy
import re
from collections.abc import Iterable, Mapping, Sequence

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.python_file import load
from autograder.demo import hostile, mangle
from autograder.demo.stubs import empty, exercise, exercises, middle
from autograder.grading.result import QUIZ
from autograder.verify.bank import Kind, Sample, samples

UNFINISHED = 0.4
"""The share of the exercises, and of the quiz, that who is half done has left as given."""


def roster(assignment: Assignment) -> dict[str, tuple[str, bytes]]:
    """Student id → (file name, bytes) of every submission of the sample class, drawn from the course's own bank."""
    solved = with_sources(assignment, {})
    bank = samples(assignment)
    styles = by_exercise(bank, Kind.STYLE)
    mistakes = by_exercise(bank, Kind.MISTAKE)
    name = f"{assignment.name}.ipynb"
    broken = exercise(assignment, middle(assignment))
    no_colons = empty(assignment, broken).replace(":\n", "\n")

    def other(sources: Mapping[str, str]) -> bytes:
        return mangle.plain(with_sources(assignment, sources))

    students: dict[str, tuple[str, bytes]] = {
        "ada-as-taught": (name, mangle.plain(solved)),
        "bo-other-style": (name, other({each: found[0].source for each, found in styles.items()})),
        "cy-yet-another-style": (name, other({each: found[-1].source for each, found in styles.items()})),
        "dee-colab": (f"Copy of {name}", mangle.colab(solved, assignment.name)),
        "eli-careless": (name, mangle.careless(solved)),
        "fay-script": (f"{assignment.name}.py", mangle.script(solved)),
        "gus-half-done": (name, other({each: assignment.stubs[each] for each in _unfinished(assignment)})),
        "hal-untouched": (name, mangle.plain(assignment.release)),
        "ida-many-mistakes": (name, other({each: it[0].source for each, it in mistakes.items()} | _guesses(solved))),
        "jo-syntax-error": (name, other({broken: f"# exercise: {broken}\n{no_colons}"})),
        "kim-half-a-download": (name, mangle.truncated(solved)),
        "lee-web-page": (name, mangle.web_page(assignment.name)),
    }
    for each, found in mistakes.items():
        students[f"mistake-{each}"] = (name, other({each: found[len(found) // 2].source}))
    for attack in attacks(assignment):
        students[attack.name] = (name, mangle.plain(attack.apply(solved)))
    return students


def attacks(assignment: Assignment) -> list[hostile.Attack]:
    """The attacks on an assignment; those in ``ATTACKS`` of its own demo.py replace the general ones of their names."""
    found = {attack.name: attack for attack in hostile.attacks(assignment)}
    path = assignment.course.solutions / assignment.name / "demo.py"
    own = load(path).ATTACKS if path.is_file() else ()
    return [*(found | {attack.name: attack for attack in own}).values()]


def with_sources(assignment: Assignment, sources: Mapping[str, str]) -> NotebookNode:
    """The released notebook, solved, but with these sources in some solution cells."""
    notebook = copy.deepcopy(assignment.release)
    for name, at in assignment.solution_cells.items():
        notebook.cells[at].source = sources.get(name, assignment.solved[name])
    return notebook


def _unfinished(assignment: Assignment) -> list[str]:
    """The last exercises and the last questions of the quiz."""
    questions = [name for name, _ in assignment.exercises if name.startswith(QUIZ)]
    return [*_last(exercises(assignment)), *_last(questions)]


def _last(names: Sequence[str]) -> Sequence[str]:
    return names[len(names) - round(UNFINISHED * len(names)) :]


def _guesses(solved: NotebookNode) -> dict[str, str]:
    """Every third question of the quiz, with A ticked where it should not be, or the other way round."""
    cells = [cell for cell in solved.cells if cell.source.startswith(f"# exercise: {QUIZ}")][::3]
    turned = [re.sub(r"^A = (\w+)", lambda tick: f"A = {tick[1] != 'True'}", cell.source, flags=re.M) for cell in cells]
    return {cell.metadata.nbgrader.grade_id: source for cell, source in zip(cells, turned, strict=True)}


def by_exercise(bank: Iterable[Sample], kind: Kind) -> dict[str, list[Sample]]:
    """The samples of one kind, by exercise, in the bank's order."""
    found: dict[str, list[Sample]] = {}
    for sample in bank:
        if sample.kind is kind:
            found.setdefault(sample.exercise, []).append(sample)
    return found
