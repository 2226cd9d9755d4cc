"""Every kind of damage: the marks of the undamaged notebook, or a reason; on the small course and on hw14 itself."""

import copy
import json
import random
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.course.cell_text import essence
from autograder.grading.classroom import Submission, grade_all
from autograder.ingest import ingest
from tests.places import COURSE
from tests.tool.damage import ANSWERS, DAMAGE, Notebook
from tests.tool.damage_cells import MORE, code
from tests.tool.damage_files import FILES, UNGRADABLE
from tests.tool.rebuilt import expected, normalised, solutions, submit, works

pytestmark = pytest.mark.heavy


def essences(sources: dict[str, str]) -> dict[str, str]:
    return {exercise: essence(source) for exercise, source in sources.items()}


def test_there_are_more_than_forty_kinds() -> None:
    assert len(DAMAGE | MORE) >= 45
    assert len(FILES) + len(UNGRADABLE) >= 35


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


def solved(name: str) -> tuple[Assignment, Notebook]:
    """An assignment, and its release with all exercises solved."""
    assignment = Assignment.load(COURSE, name)
    answers = {cell.id: cell.source for cell in assignment.solution_notebook().cells}
    notebook: Notebook = json.loads(nbformat.writes(assignment.release))
    for cell in notebook["cells"]:
        cell["source"] = answers[cell["id"]] if cell["id"] in assignment.solution_cells else "".join(cell["source"])
    return assignment, notebook


SOLVED = {name: solved(name) for name in COURSE.assignments}
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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(SOLVED)),
    chance=st.randoms(use_true_random=False),
    spoilt=st.sampled_from(["", "metadata", "ids", "both"]),
    notes=st.lists(st.sampled_from(["x = 1", "# note", "!pip list", "def f(:", "print('hi')"]), max_size=5),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_mixture_leaves_the_same_marks(
    name: str, chance: random.Random, spoilt: str, notes: list[str], encoding: str
) -> None:
    """Shuffled, doubled and deleted cells, lost ids, notes between: what is graded is the same work to the letter."""
    assignment, notebook = SOLVED[name]
    damaged = copy.deepcopy(notebook)
    cells = damaged["cells"]
    for cell in cells:
        if spoilt in ("metadata", "both"):
            cell["metadata"] = {}
        if spoilt in ("ids", "both"):
            del cell["id"]
    again = [copy.deepcopy(cell) for cell in cells if chance.random() < 0.2]
    own = [cell for cell in cells if "# exercise:" in cell["source"]]
    rest = [cell for cell in cells if cell not in own and chance.random() < 0.8]
    cells[:] = own + rest + again + [code(note) for note in notes]
    chance.shuffle(cells)
    ingested = ingest(json.dumps(damaged, ensure_ascii=False).encode(encoding), assignment, "a.ipynb")
    whole = solutions(submit(notebook, assignment), assignment)
    assert essences(solutions(ingested, assignment)) == essences(whole)


def test_damaged_homework_is_graded_as_the_whole_one(tmp_path: Path) -> None:
    """In the sandbox and by the judges, not by comparing notebooks; the whole one earns all points."""
    assignment, notebook = SOLVED["finite_differences"]
    damaged = copy.deepcopy(notebook)
    for name in ("every cell twice", "saved by Colab", "blank cells everywhere"):
        ANYWHERE[name](damaged)
    path = tmp_path / "damaged.ipynb"
    path.write_text(json.dumps(damaged))
    (result,) = grade_all(assignment, [Submission("ada", path)], 1)
    assert result.repairs
    assert result.score == assignment.points


def test_the_answers_of_the_small_course_are_all_different() -> None:
    assert len({essence(source) for source in ANSWERS.values()}) == len(ANSWERS)
