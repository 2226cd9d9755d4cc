"""Every kind of damage leaves the work of the undamaged notebook, on the small course and on each homework itself."""

import copy
import json

import nbformat
import pytest

from autograder.course.assignment import Assignment
from autograder.course.cell_text import essence
from tests.places import COURSE
from tests.tool.damage import DAMAGE, Notebook
from tests.tool.damage_cells import MORE
from tests.tool.habits import solved
from tests.tool.rebuilt import expected, normalised, solutions, submit, works

pytestmark = pytest.mark.heavy


def essences(sources: dict[str, str]) -> dict[str, str]:
    return {exercise: essence(source) for exercise, source in sources.items()}


@pytest.mark.parametrize("name", MORE)
def test_damage_to_cells(name: str, submission: Notebook, assignment: Assignment) -> None:
    damage, sentence = MORE[name]
    damage(submission)
    ingested = submit(submission, assignment)
    works(ingested)
    got = normalised(solutions(ingested, assignment))
    assert set(ingested.found.values()) <= {"grade_id", "marker"}
    if name != "all in one cell":  # there the course's own cells follow in the exercises' pieces
        assert essences(got) == essences(expected(assignment))
    if sentence is not None:
        assert any(sentence in repair for repair in ingested.repairs), ingested.repairs


# --- hw14 and the other homework, with their own solutions ----------------------------------------------------------


def whole(name: str) -> tuple[Assignment, Notebook]:
    """An assignment, and its release with all exercises solved."""
    assignment = Assignment.load(COURSE, name)
    return assignment, json.loads(nbformat.writes(assignment.release)) | {"cells": solved(assignment)}


SOLVED = {name: whole(name) for name in COURSE.assignments}
ANYWHERE = {
    name: (DAMAGE | MORE)[name][0]
    for name in (
        "lost cell ids; saved by Colab; lost metadata; outputs and tags; every cell twice; graded cells "
        "forged; graded cells deleted; cells of wrong shapes; saved by Colab today; saved by Colab today, "
        "nbgrader's metadata gone; no metadata at all; fields of outputs gone; no version; the same id "
        "everywhere; another kernel; lines without ends; broken outputs; white space at the ends of lines; "
        "blank cells everywhere; prose deleted; nbgrader's metadata forged; reversed"
    ).split("; ")
}
"""What can be done to any notebook of any course, in one step."""


@pytest.mark.parametrize("damage", ANYWHERE)
@pytest.mark.parametrize("name", SOLVED)
def test_every_homework_survives_it(name: str, damage: str) -> None:
    assignment, notebook = SOLVED[name]
    damaged = copy.deepcopy(notebook)
    ANYWHERE[damage](damaged)
    whole = solutions(submit(notebook, assignment), assignment)
    mended = solutions(submit(damaged, assignment), assignment)
    assert essences(normalised(mended)) == essences(whole)
