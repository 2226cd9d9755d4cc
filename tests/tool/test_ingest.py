"""A submission, however damaged, becomes the course's own notebook with the student's work in its place."""

import json
import random

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.course.cell_text import essence
from autograder.course.source import TRAINING
from autograder.ingest import Ungradable, ingest, recognise
from autograder.ingest.match import Index, _apart
from autograder.ingest.signs import with_signs
from tests.places import table
from tests.tool.damage import ANSWERS, COMBINABLE, DAMAGE, Notebook, find, lose_metadata, markers_lost, merge_exercises
from tests.tool.damage_cells import MORE, code
from tests.tool.damage_files import FILES
from tests.tool.rebuilt import answered, expected, extras, normalised, run, solutions, submit, works


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_mended_and_said(name: str, submission: Notebook, assignment: Assignment) -> None:
    damage, sentence = DAMAGE[name]
    damage(submission)
    ingested = submit(submission, assignment)
    wanted = expected(assignment)
    got = normalised(solutions(ingested, assignment))
    if name == "markers wrong":
        wanted["last"] = wanted["last"].replace("exercise: last", "exercise: double")
    assert got == wanted
    works(ingested)
    assert not any("badge" in text for text in extras(ingested))
    if sentence is None:
        assert not ingested.repairs
    else:
        assert any(sentence in repair for repair in ingested.repairs), ingested.repairs


@pytest.mark.parametrize("name", MORE)
def test_damage_to_cells(name: str, submission: Notebook, assignment: Assignment) -> None:
    damage, sentence = MORE[name]
    damage(submission)
    ingested = submit(submission, assignment)
    works(ingested)
    assert set(ingested.found.values()) <= {"grade_id", "marker"}
    both = normalised(solutions(ingested, assignment)), expected(assignment)
    got, wanted = ({each: essence(source) for each, source in sources.items()} for sources in both)
    assert got == wanted or name == "all in one cell"  # there the course's own cells follow in the exercises' pieces
    if sentence is not None:
        assert any(sentence in repair for repair in ingested.repairs), ingested.repairs


def test_an_honest_notebook_needs_no_repair(submission: Notebook, assignment: Assignment) -> None:
    submission["cells"][0]["metadata"]["tags"] = [TRAINING]  # the course's own
    submission["cells"][find(submission, "base")]["source"] = "class Base:   \n\n\tstrength  = 1.0\n\n"  # as before
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert ingested.repairs == []
    assert extras(ingested) == []
    assert set(ingested.found.values()) == {"grade_id"}


def test_the_release_comes_back_as_it_is(assignment: Assignment) -> None:
    ingested = ingest(nbformat.writes(assignment.release).encode(), assignment)
    assert ingested.notebook == assignment.release
    assert ingested.repairs == []


# --- Damage after which the work stands elsewhere ------------------------------------------------------------------


def test_without_ids_and_markers_definitions_tell(submission: Notebook, assignment: Assignment) -> None:
    lose_metadata(submission)
    markers_lost(submission)
    ingested = submit(submission, assignment)
    works(ingested)
    assert set(ingested.found.values()) == {"definition"}
    assert solutions(ingested, assignment)["double"] == ANSWERS["double"].replace("exercise:", "mine:")


def test_a_solution_pasted_into_another_exercises_cell_counts(submission: Notebook, assignment: Assignment) -> None:
    cells = submission["cells"]
    moved = cells[find(submission, "last")]["source"].replace("# exercise: last\n", "")
    cells[find(submission, "slices")]["source"] += "\n\n" + moved
    cells[find(submission, "last")]["source"] = assignment.stubs["last"]
    ingested = submit(submission, assignment)
    works(ingested)
    assert ingested.found["last"] == "definition"
    assert any("names they define: last" in repair for repair in ingested.repairs)


def test_of_two_homes_one_of_which_holds_more_none_is_moved(submission: Notebook, assignment: Assignment) -> None:
    cells = submission["cells"]
    at, last = find(submission, "last"), ANSWERS["last"].replace("# exercise: last\n", "")
    cells[find(submission, "last")]["source"] = assignment.stubs["last"]
    both = ANSWERS["double"].replace("# exercise: double\n", "") + "\n\n" + last
    cells[find(submission, "double")]["source"] = assignment.stubs["double"]
    cells[at:at] = [code(last), code(both)]
    ingested = submit(submission, assignment)
    assert "found this exercise in another cell" in solutions(ingested, assignment)["last"]
    works(ingested)


@pytest.mark.parametrize("identity", ["last-test", "base"])
def test_a_solution_in_a_locked_cell_counts(identity: str, submission: Notebook, assignment: Assignment) -> None:
    cells = submission["cells"]
    cells[find(submission, identity)]["source"] += "\n" + ANSWERS["last"].replace("# exercise: last\n", "")
    cells[find(submission, "last")]["source"] = assignment.stubs["last"]
    works(submit(submission, assignment))


def test_what_stands_above_merged_exercises_stays_with_the_first(submission: Notebook, assignment: Assignment) -> None:
    merge_exercises(submission)
    cell = submission["cells"][find(submission, "double")]
    cell["source"] = f"import math\n{cell['source']}"
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment)["double"] == f"import math\n{ANSWERS['double']}"
    assert extras(ingested) == []


def test_solutions_in_new_cells_at_the_end_build_on_each_other(submission: Notebook, assignment: Assignment) -> None:
    cells = submission["cells"]
    cells[find(submission, "last")]["source"] = assignment.stubs["last"]
    cells += [code("class Helper:\n    strength = 3.0"), code("class Last(Helper):\n    pass")]
    works(submit(submission, assignment))


def test_a_deleted_cell_is_missing_and_its_stub_stays(submission: Notebook, assignment: Assignment) -> None:
    del submission["cells"][find(submission, "last")]
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment) == expected(assignment) | {"last": assignment.stubs["last"]}
    assert ingested.found["last"] == "missing"
    assert any("missing" in repair and "last" in repair for repair in ingested.repairs)


def test_extra_cells_stay_where_they_stood(submission: Notebook, assignment: Assignment) -> None:
    cells = submission["cells"]
    at = find(submission, "slices")
    cells.insert(at, code("helper = 1", nbgrader={"points": 99}, tags=["x"]))
    cells.insert(at + 2, {"cell_type": "markdown", "metadata": {}, "source": "My <script>thoughts</script>"})
    cells.insert(0, {"cell_type": "raw", "metadata": {}, "source": "first"})
    cells.append({"cell_type": "heading", "metadata": {}, "source": "of an old format"})
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert extras(ingested) == ["first", "helper = 1", "My <script>thoughts</script>", "of an old format"]
    assert ingested.notebook.cells[-1].cell_type == "markdown"
    order = [cell.id for cell in ingested.notebook.cells]
    assert order[0] == "extra-1"
    assert order[order.index("slices") - 1 : order.index("slices") + 2] == ["extra-2", "slices", "extra-3"]


def test_a_changed_open_cell_is_kept_beside_the_courses(submission: Notebook, assignment: Assignment) -> None:
    at = next(at for at, cell in enumerate(submission["cells"]) if cell["source"].startswith("model ="))
    submission["cells"][at]["source"] = "model = Slices()\nmine = model.value()"
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert run(ingested)["mine"] == 3.0


# --- Files of other kinds ------------------------------------------------------------------------------------------


KEPT = {"Windows' Western encoding": "Zoë ??", "Windows' Chinese encoding": "Zo? "}
"""Of these letters, where the file's encoding has not all of them."""


@pytest.mark.parametrize("name", FILES)
def test_damage_to_the_file(name: str, submission: Notebook, assignment: Assignment) -> None:
    submission["cells"][find(submission, "double")]["source"] += "\n# Zoë 兩倍"
    damage, sentence = FILES[name]
    data, filename = damage(submission)
    ingested = ingest(data, assignment, filename)
    works(ingested)
    got = solutions(ingested, assignment)
    assert got.pop("double").startswith(f"{ANSWERS['double']}\n# {KEPT.get(name, 'Zoë 兩倍')}")
    assert got.items() <= expected(assignment).items()
    assert len(extras(ingested)) == (name == "nbconvert's script")  # its prose becomes comments
    assert any(sentence in repair for repair in ingested.repairs) if sentence else not ingested.repairs


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    shuffle=st.randoms(use_true_random=False),
    damages=st.lists(st.sampled_from(range(len(COMBINABLE))), max_size=5, unique=True),
    notes=st.lists(st.sampled_from(["x = 1", "# a note", "print('hi')", "%timeit 1", "def f(:"]), max_size=4),
)
def test_any_mixture_of_damage_gives_the_same_solution_cells(
    shuffle: random.Random, damages: list[int], notes: list[str], assignment: Assignment
) -> None:
    notebook = answered(assignment)
    for number in sorted(damages):
        COMBINABLE[number](notebook)
    cells = notebook["cells"]
    for note in notes:
        cells.insert(shuffle.randrange(len(cells) + 1), code(note))
    shuffle.shuffle(cells)
    ingested = submit(notebook, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert sorted(text for text in extras(ingested) if text != "100") == sorted(notes)


def test_of_the_courses_cells_in_a_script_the_longest_is_found_first(assignment: Assignment) -> None:
    index = Index(assignment)
    index.own_code = {"b = 1", "a = 1\n\nb = 1"}
    assert _apart(["a = 1\n\nb = 1\n\nc = 1"], index) == ["", "a = 1\n\nb = 1", "c = 1"]


def test_recognise(submission: Notebook, assignment: Assignment) -> None:
    assert recognise(json.dumps(submission).encode(), assignment.course, "Copy of Untitled7.ipynb").name == "hw1"
    with pytest.raises(Ungradable, match="no exercise of this course"):
        recognise(b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}', assignment.course)


@pytest.mark.parametrize(("source", "typed"), table("tool/tables.toml")["signs"])
def test_signs_are_put_back_in_pythons_code_alone(source: str, typed: str) -> None:
    assert with_signs(source) == typed
