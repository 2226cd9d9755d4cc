"""What sources and the cells' own errors add to verdicts. None of it is secret: it was there before any hidden input."""

import builtins
import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.cell_text import defined_names, essence
from autograder.course.source import is_extra, is_solution
from autograder.grading.result import QUIZ
from autograder.judging.exercise import Outcome, Reply
from autograder.judging.failures import FAILURES, plainly
from autograder.judging.verdict import State, Verdict

CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
IMPORTED = re.compile(r"(?:^|[ \t])(?:import|as)[ \t]+(\w+)", re.MULTILINE)
STAR = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t]*\*|%(pylab)\b)", re.MULTILINE)
NUMERIC = {"numpy", "torch", "jax", "cupy", "pylab"}
NUMERIC_STARS = {"abs", "all", "any", "max", "min", "pow", "round", "sum"}
"""Of Python's own names those that ``from numpy import *`` gives another meaning, as do its like."""
MERGED = " – git has left two versions of it between <<<<<<< and >>>>>>>: keep one of them"
TAKEN = "Another cell of yours gives {} a new meaning, and this exercise's cell uses it: take another name there."


def remark(verdict: Verdict, notebook: NotebookNode, assignment: Assignment, failures: Mapping[str, Reply]) -> Verdict:
    """The verdict with what else is the matter: how the cell failed, what it defines, which name was taken from it.

    Args:
        verdict: on one exercise.
        notebook: as it was run.
        assignment: what it should be.
        failures: exercise id → how its cell failed.
    """
    if verdict.state in (State.CORRECT, State.UNGRADABLE) or verdict.exercise not in assignment.solution_cells:
        return verdict
    stub = assignment.release.cells[assignment.solution_cells[verdict.exercise]]
    source = next(cell.source for cell in notebook.cells if cell.id == stub.id)
    failure, rest = failures.get(verdict.exercise), [each for each in verdict.messages if "NotImpl" not in each]
    if failure is not None:
        state, text = FAILURES.get(failure.outcome) or _error(failure, source)
        state = verdict.state if verdict.score > 0 else state
        return replace(verdict, state=state, messages=(text, *(rest if verdict.state is not State.MISSING else ())))
    if verdict.state is State.MISSING:
        asked, defined = assignment.defines[verdict.exercise], defined_names(source)
        text = f"Your cell defines {_listed(defined)}, but the exercise asks for {_listed(asked - defined)}."
        text = f"Your {_listed(asked)} still raises NotImplementedError." if asked <= defined else text
        written = essence(source) != essence(stub.source) and not verdict.exercise.startswith(QUIZ)
        return replace(verdict, messages=(text,)) if written else verdict
    names = taken(verdict.exercise, notebook, assignment)
    return replace(verdict, messages=(TAKEN.format(_listed(names)), *verdict.messages)) if names else verdict


def taken(exercise: str, notebook: NotebookNode, assignment: Assignment) -> set[str]:
    """The names of Python, modules and its helpers that an exercise's cell uses and others of the student's replace."""
    return _replaced(exercise, notebook, assignment, 0, {})


def cells_until_taken(exercise: str, notebook: NotebookNode, assignment: Assignment) -> int:
    """How many cells there are up to an exercise's, if later ones replace a name that it uses, graded or not, else 0."""
    if exercise not in assignment.solution_cells:
        return 0
    stub = assignment.release.cells[assignment.solution_cells[exercise]]
    end = next(at for at, cell in enumerate(notebook.cells, 1) if cell.id == stub.id)
    return end if _replaced(exercise, notebook, assignment, end, assignment.defines) else 0


def _replaced(
    exercise: str, notebook: NotebookNode, assignment: Assignment, since: int, asked: Mapping[str, frozenset[str]]
) -> set[str]:
    """The names that an exercise's cell uses and others of the student's, from a place on, give another meaning.

    Questions have none: all give their answers the same letters, and none is looked up later.
    """
    if exercise.startswith(QUIZ):
        return set()
    stub = assignment.release.cells[assignment.solution_cells[exercise]]
    source = next(cell.source for cell in notebook.cells if cell.id == stub.id)
    others = [cell for cell in notebook.cells[since:] if (is_extra(cell) or is_solution(cell)) and cell.id != stub.id]
    own = set().union(*(defined_names(cell.source) for cell in others if cell.cell_type == "code"))
    starred = {"".join(each).partition(".")[0] for cell in others for each in STAR.findall(cell.source)}
    stars = (NUMERIC_STARS if starred & NUMERIC else set()) | (asked.get(exercise, set()) if starred else set())
    common = {*dir(builtins), *(name for cell in assignment.release.cells for name in IMPORTED.findall(cell.source))}
    helpers = defined_names(source) - assignment.defines[exercise]
    return (own & common.union(helpers, *asked.values()) | stars) & set(re.findall(r"\w+", source))


def _error(failure: Reply, source: str) -> tuple[State, str]:
    error = failure.error or {}
    merged = MERGED if failure.outcome is Outcome.ERROR and CONFLICT.search(source) else ""
    return State.ERROR, f"Your cell raised {error.get('type')}: {plainly(error.get('message', ''))}{merged}"


def _listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name[:60]}`" for name in sorted(names)[:3]) or "nothing"
