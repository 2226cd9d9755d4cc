"""A submission, however damaged, becomes the course's own notebook with the student's work in its place."""

import json
import random

import jupytext
import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.course.source import TRAINING
from autograder.ingest import Ungradable, ingest, recognise
from tests.tool.damage import ANSWERS, COMBINABLE, DAMAGE, Notebook, find, lose_metadata, markers_lost
from tests.tool.damage_cells import code
from tests.tool.rebuilt import answered, expected, extras, normalised, run, solutions, stub, submit, works


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


def test_an_honest_notebook_needs_no_repair(submission: Notebook, assignment: Assignment) -> None:
    submission["cells"][0]["metadata"]["tags"] = [TRAINING]  # the course's own
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
    cells[find(submission, "last")]["source"] = stub(assignment, "last")
    ingested = submit(submission, assignment)
    works(ingested)
    assert ingested.found["last"] == "definition"
    assert any("names they define: last" in repair for repair in ingested.repairs)


@pytest.mark.parametrize("identity", ["last-test", "base"])
def test_a_solution_written_into_a_locked_cell_counts(
    identity: str, submission: Notebook, assignment: Assignment
) -> None:
    cells = submission["cells"]
    cells[find(submission, identity)]["source"] += "\n" + ANSWERS["last"].replace("# exercise: last\n", "")
    cells[find(submission, "last")]["source"] = stub(assignment, "last")
    works(submit(submission, assignment))


def test_solutions_in_new_cells_at_the_end_build_on_each_other(submission: Notebook, assignment: Assignment) -> None:
    cells = submission["cells"]
    cells[find(submission, "last")]["source"] = stub(assignment, "last")
    cells += [code("class Helper:\n    strength = 3.0"), code("class Last(Helper):\n    pass")]
    works(submit(submission, assignment))


def test_a_class_split_in_its_middle_is_joined(submission: Notebook, assignment: Assignment) -> None:
    at = find(submission, "slices")
    source = submission["cells"][at]["source"]
    cut = source.index("    def value")
    submission["cells"][at]["source"] = source[:cut]
    submission["cells"].insert(at + 1, code(source[cut:]))
    ingested = submit(submission, assignment)
    works(ingested)
    assert any("joined" in repair for repair in ingested.repairs)


def test_a_deleted_cell_is_missing_and_its_stub_stays(submission: Notebook, assignment: Assignment) -> None:
    del submission["cells"][find(submission, "last")]
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment) == expected(assignment) | {"last": stub(assignment, "last")}
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


def test_a_changed_cell_that_was_open_to_change_is_kept_beside_the_courses(
    submission: Notebook, assignment: Assignment
) -> None:
    at = next(at for at, cell in enumerate(submission["cells"]) if cell["source"].startswith("model ="))
    submission["cells"][at]["source"] = "model = Slices()\nmine = model.value()"
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert run(ingested)["mine"] == 3.0


def test_white_space_in_given_cells_is_no_change(submission: Notebook, assignment: Assignment) -> None:
    submission["cells"][find(submission, "base")]["source"] = "class Base:   \n\n\tstrength  = 1.0\n\n"
    assert submit(submission, assignment).repairs == []


# --- Files of other kinds ------------------------------------------------------------------------------------------


def test_nbformat_3(submission: Notebook, assignment: Assignment) -> None:
    cells = submission["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}, {}, None]}
    ingested = submit(old, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert any("nbformat 3" in repair for repair in ingested.repairs)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(encoding: str, submission: Notebook, assignment: Assignment) -> None:
    submission["cells"][find(submission, "double")]["source"] += "\nname = 'Zoë'"
    data = json.dumps(submission, ensure_ascii=False).replace("·", "-").encode(encoding)
    ingested = ingest(data, assignment)
    assert solutions(ingested, assignment)["double"] == ANSWERS["double"] + "\nname = 'Zoë'"
    assert any("not in UTF-8" in repair for repair in ingested.repairs) == (encoding != "utf-8-sig")


def test_line_ends(submission: Notebook, assignment: Assignment) -> None:
    for cell in submission["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    text = json.dumps(submission, indent=1).replace("\n", "\r\n")
    for data in (text, text.replace("\\r\\n", "\n")):  # the second as a careless tool writes them
        assert solutions(ingest(data.encode(), assignment), assignment) == expected(assignment)
    script = "\n\n".join(cell["source"] for cell in submission["cells"] if cell["cell_type"] == "code")
    works(ingest(script.replace("\r\n", "\r").replace("\n", "\r").encode(), assignment, "hw1.py"))


@pytest.mark.parametrize("keep", [True, False])
def test_percent_scripts(keep: bool, submission: Notebook, assignment: Assignment) -> None:
    if not keep:
        lose_metadata(submission)
    text = jupytext.writes(nbformat.from_dict(submission), fmt="py:percent")
    ingested = ingest(text.encode(), assignment, "hw1.py")
    got = solutions(ingested, assignment)
    works(ingested)
    assert got == expected(assignment)
    assert extras(ingested) == []
    assert any("script" in repair for repair in ingested.repairs)


def test_a_script_as_colab_exports_it(submission: Notebook, assignment: Assignment) -> None:
    code = [cell["source"] for cell in submission["cells"] if cell["cell_type"] == "code"]
    header = '# -*- coding: utf-8 -*-\n"""hw1.ipynb\n\nAutomatically generated by Colab.\n"""\n\n'
    works(ingest((header + "\n\n".join(code)).encode(), assignment, "hw1.py"))


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


def test_recognise(submission: Notebook, assignment: Assignment) -> None:
    assert recognise(json.dumps(submission).encode(), assignment.course, "Copy of Untitled7.ipynb").name == "hw1"
    with pytest.raises(Ungradable, match="no exercise of this course"):
        recognise(b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}', assignment.course)
