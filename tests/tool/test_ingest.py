"""A submission, however damaged, becomes the course's own notebook with the student's work in its place."""

import json
import random
from typing import Any

import jupytext
import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.ingest import Ingested, Ungradable, ingest, recognise
from autograder.publish.build import build
from tests.tool.damage import ANSWERS, COMBINABLE, DAMAGE, Notebook, find, lose_metadata, markers_lost
from tests.tool.small_course import write_course


@pytest.fixture(scope="module")
def assignment(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    course = write_course(tmp_path_factory.mktemp("course"))
    build(course)
    return Assignment.load(course, "hw1")


@pytest.fixture
def submission(assignment: Assignment) -> Notebook:
    """A student's good notebook; quiz-02 is left as it was."""
    return answered(assignment)


def answered(assignment: Assignment) -> Notebook:
    notebook: Notebook = json.loads(nbformat.writes(assignment.release))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
        identity = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if identity in ANSWERS:
            cell["source"] = ANSWERS[identity]
    return notebook


def submit(notebook: Any, assignment: Assignment, filename: str = "hw1.ipynb") -> Ingested:
    return ingest(json.dumps(notebook).encode(), assignment, filename)


def solutions(ingested: Ingested, assignment: Assignment) -> dict[str, str]:
    """The solution cells of a rebuilt notebook, which must be the release in all but these and the extra cells."""
    nbformat.validate(ingested.notebook)
    own = [cell for cell in ingested.notebook.cells if "lifelong" not in cell.metadata]
    for cell, release in zip(own, assignment.release.cells, strict=True):
        assert cell.metadata == release.metadata
        assert (cell.id, cell.cell_type) == (release.id, release.cell_type)
        if cell.id not in assignment.solution_cells:
            assert cell.source == release.source
    assert all(cell.cell_type != "code" or not cell.outputs for cell in ingested.notebook.cells)
    assert ingested.notebook.metadata == assignment.release.metadata
    return {cell.id: cell.source for cell in own if cell.id in assignment.solution_cells}


def extras(ingested: Ingested) -> list[str]:
    cells = [cell for cell in ingested.notebook.cells if "lifelong" in cell.metadata]
    assert all(cell.metadata == {"lifelong": {"extra": True}} for cell in cells)
    return [cell.source for cell in cells]


def expected(assignment: Assignment) -> dict[str, str]:
    return {
        exercise: ANSWERS.get(exercise, assignment.release.cells[at].source)
        for exercise, at in assignment.solution_cells.items()
    }


def run(ingested: Ingested) -> dict[str, Any]:
    """The names that the notebook's code leaves behind, cell by cell; a cell that fails leaves what it had done."""
    names: dict[str, Any] = {"check": lambda _: None}
    for cell in ingested.notebook.cells:
        if cell.cell_type == "code":
            source = "\n".join(
                line for line in cell.source.split("\n") if not line.startswith(("%", "!", "from lifelong"))
            )
            try:
                exec(compile(source, cell.id, "exec"), names)
            except Exception:
                continue
    return names


def works(ingested: Ingested) -> None:
    """Every exercise of ANSWERS is there when the rebuilt notebook has run."""
    names = run(ingested)
    assert names["double"](4) == 8
    assert names["sphere"](2) == [1.0, 1.0]
    assert names["Slices"]().value() == 3.0
    assert names["Last"].strength == 3.0
    assert names["quiz_01"] == {"A": False, "B": True, "C": False, "D": True}


def normalised(sources: dict[str, str]) -> dict[str, str]:
    return {
        exercise: source.replace("# @param", "#@param").replace("\n\n\n\n", "\n\n\n")
        for exercise, source in sources.items()
    }


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
    if sentence is None:
        assert not ingested.repairs
    else:
        assert any(sentence in repair for repair in ingested.repairs), ingested.repairs


def test_an_honest_notebook_needs_no_repair(submission: Notebook, assignment: Assignment) -> None:
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
    cells[find(submission, "last")]["source"] = assignment.release.cells[assignment.solution_cells["last"]].source
    ingested = submit(submission, assignment)
    works(ingested)
    assert ingested.found["last"] == "definition"
    assert any("names they define: last" in repair for repair in ingested.repairs)


@pytest.mark.parametrize("identity", ["last-test", "base"])
def test_a_solution_written_into_a_locked_cell_counts(
    identity: str, submission: Notebook, assignment: Assignment
) -> None:
    cells = submission["cells"]
    stub = assignment.release.cells[assignment.solution_cells["last"]].source
    cells[find(submission, identity)]["source"] += "\n" + ANSWERS["last"].replace("# exercise: last\n", "")
    cells[find(submission, "last")]["source"] = stub
    works(submit(submission, assignment))


def test_solutions_in_new_cells_at_the_end_build_on_each_other(submission: Notebook, assignment: Assignment) -> None:
    cells = submission["cells"]
    cells[find(submission, "last")]["source"] = assignment.release.cells[assignment.solution_cells["last"]].source
    cells.append({"cell_type": "code", "metadata": {}, "source": "class Helper:\n    strength = 3.0"})
    cells.append({"cell_type": "code", "metadata": {}, "source": "class Last(Helper):\n    pass"})
    works(submit(submission, assignment))


def test_a_class_split_in_its_middle_is_joined(submission: Notebook, assignment: Assignment) -> None:
    at = find(submission, "slices")
    source = submission["cells"][at]["source"]
    cut = source.index("    def value")
    submission["cells"][at]["source"] = source[:cut]
    submission["cells"].insert(at + 1, {"cell_type": "code", "metadata": {}, "source": source[cut:]})
    ingested = submit(submission, assignment)
    works(ingested)
    assert any("joined" in repair for repair in ingested.repairs)


def test_a_deleted_cell_is_missing_and_its_stub_stays(submission: Notebook, assignment: Assignment) -> None:
    del submission["cells"][find(submission, "last")]
    ingested = submit(submission, assignment)
    stub = assignment.release.cells[assignment.solution_cells["last"]].source
    assert solutions(ingested, assignment) == expected(assignment) | {"last": stub}
    assert ingested.found["last"] == "missing"
    assert any("missing" in repair and "last" in repair for repair in ingested.repairs)


def test_extra_cells_stay_where_they_stood(submission: Notebook, assignment: Assignment) -> None:
    cells = submission["cells"]
    at = find(submission, "slices")
    extra = {"cell_type": "code", "metadata": {"nbgrader": {"points": 99}, "tags": ["x"]}, "source": "helper = 1"}
    cells.insert(at, extra)
    cells.insert(at + 2, {"cell_type": "markdown", "metadata": {}, "source": "My <script>thoughts</script>"})
    cells.insert(0, {"cell_type": "raw", "metadata": {}, "source": "first"})
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert extras(ingested) == ["first", "helper = 1", "My <script>thoughts</script>"]
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
    cells = [
        {
            "cell_type": cell["cell_type"],
            "metadata": cell["metadata"],
            ("input" if cell["cell_type"] == "code" else "source"): cell["source"],
        }
        for cell in submission["cells"]
    ]
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


def test_line_ends(submission: Notebook, assignment: Assignment) -> None:
    for cell in submission["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n")
    data = json.dumps(submission, indent=1).replace("\n", "\r\n").encode()
    assert solutions(ingest(data, assignment), assignment) == expected(assignment)


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


DEEP = b"[" * 200_000
UNGRADABLE = {
    "empty": (b"", "empty"),
    "blank": (b"\x00 \n", "empty"),
    "web page": (b"\n<!DOCTYPE html><html><body>{}</body></html>", "web page"),
    "zip": (b"PK\x03\x04....", "zip"),
    "PDF": (b"%PDF-1.7", "PDF"),
    "cut short": (b'{"cells": [{"cell_type": "code", "source": "x', "cut short"),
    "a list": (b"[1, 2]", "no cells"),
    "other JSON": (b'{"cells": {"a": 1}}', "no cells"),
    "no cells": (b'{"cells": [], "nbformat": 4}', "no cells"),
    "only odd cells": (b'{"cells": [1, null, "x"]}', "no cells"),
    "too deep": (b'{"cells": ' + DEEP, "deep"),
    "prose": (b"Dear professor, my dog ate it.", "not a notebook"),
    "another course's": (b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}', "None of the exercises"),
    "too large": (b" " * 20_000_001, "larger"),
    "too much data": (b'{"cells": [' + b"[]," * 1_000_000 + b"0]}", "too much data"),
    "too much text": (
        json.dumps({"cells": [{"cell_type": "code", "source": "#" * 99_999}] * 11}).encode(),
        "1,000,000 characters",
    ),
    "too many cells": (json.dumps({"cells": [{"cell_type": "code", "source": "x"}] * 2001}).encode(), "2000 cells"),
    "surrogates": (b'{"cells": [{"cell_type": "code", "source": "\\ud800"}]}', "None of the exercises"),
}


@pytest.mark.parametrize("name", UNGRADABLE)
def test_what_cannot_be_graded_is_said_in_a_sentence(name: str, assignment: Assignment) -> None:
    data, words = UNGRADABLE[name]
    with pytest.raises(Ungradable, match=words) as caught:
        ingest(data, assignment, "hw1.ipynb")
    assert str(caught.value).endswith(".")


@pytest.mark.parametrize(
    "source",
    ["\ud800 \x00 double", "((((" * 20_000, "-" * 90_000 + "1", "9" * 90_000, "'''\n" * 24_000, "def " * 24_000],
    ids=["surrogates", "parentheses", "signs", "digits", "quotes", "defs"],
)
def test_hostile_sources_are_only_text(source: str, submission: Notebook, assignment: Assignment) -> None:
    submission["cells"][find(submission, "double")]["source"] = source
    submission["huge"] = 1
    data = json.dumps(submission).replace('"huge": 1', '"huge": ' + "9" * 100_000).encode()
    ingested = ingest(data, assignment)
    json.dumps(ingested.notebook).encode()
    assert solutions(ingested, assignment)["last"] == ANSWERS["last"]


def test_a_cell_too_long_is_left_out_alone(submission: Notebook, assignment: Assignment) -> None:
    submission["cells"][find(submission, "double")]["source"] = "x = 1\n" * 100_000
    ingested = submit(submission, assignment)
    assert ingested.found["double"] == "missing"
    assert solutions(ingested, assignment)["last"] == ANSWERS["last"]


def test_a_picture_pasted_into_text_is_left_out_alone_and_said(submission: Notebook, assignment: Assignment) -> None:
    picture = {"cell_type": "markdown", "metadata": {}, "source": f"![](data:image/png;base64,{'A' * 20_000})"}
    note = {"cell_type": "markdown", "metadata": {}, "source": "b" * 20_000}
    submission["cells"] += [picture, note]
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert extras(ingested) == [note["source"]]
    assert ingested.repairs == [
        "Code cells longer than 100,000 characters and text cells longer than 20,000 were left out: 1."
    ]


def test_a_long_script_of_one_cell_counts(submission: Notebook, assignment: Assignment) -> None:
    code = [cell["source"] for cell in submission["cells"] if cell["cell_type"] == "code"]
    works(ingest(("# -*- coding: utf-8 -*-\n" + "# note\n" * 8_000 + "\n\n".join(code)).encode(), assignment, "hw1.py"))


def test_ten_megabytes_of_outputs_cost_nothing(submission: Notebook, assignment: Assignment) -> None:
    lines = [f"\r{each:6d}/100000 [00:01<00:00, 9.{each:05d}it/s]" for each in range(100_000)]
    submission["cells"][find(submission, "double")]["outputs"] = [
        {"output_type": "stream", "name": "stderr", "text": lines},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 6_000_000}},
    ]
    ingested = submit(submission, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert ingested.repairs == []


def test_mutated_bytes_give_a_notebook_or_a_sentence(submission: Notebook, assignment: Assignment) -> None:
    """3,000 files with bytes flipped, cut, repeated or swapped: nothing but Ungradable is ever raised."""
    original = json.dumps(submission).encode()
    generator = random.Random(14)
    graded = 0
    for _ in range(3000):
        data = bytearray(original)
        for _ in range(generator.choice((1, 1, 3, 20))):
            at, size = generator.randrange(len(data)), generator.choice((1, 1, 2, 50, 2000))
            match generator.randrange(4):
                case 0:
                    data[at : at + size] = generator.randbytes(size)
                case 1:
                    del data[at : at + size]
                case 2:
                    data[at:at] = data[at : at + size]
                case _:
                    data[at : at + 1] = generator.choice((b"[", b"{", b'"', b"null", b"1e999", b"\\u0000", b"-"))
            data = data or bytearray(b"{")
        try:
            ingested = ingest(bytes(data), assignment, "hw1.ipynb")
        except Ungradable:
            continue
        graded += 1
        assert [cell.id for cell in ingested.notebook.cells if "lifelong" not in cell.metadata] == [
            cell.id for cell in assignment.release.cells
        ]
    assert graded > 100


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), name=st.sampled_from(["a.ipynb", "a.py", ""]))
def test_any_bytes(data: bytes, name: str, assignment: Assignment) -> None:
    with pytest.raises(Ungradable):
        ingest(data, assignment, name)


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
        cells.insert(shuffle.randrange(len(cells) + 1), {"cell_type": "code", "metadata": {}, "source": note})
    shuffle.shuffle(cells)
    ingested = submit(notebook, assignment)
    assert solutions(ingested, assignment) == expected(assignment)
    assert sorted(text for text in extras(ingested) if text != "100") == sorted(notes)


def test_recognise(submission: Notebook, assignment: Assignment) -> None:
    assert recognise(json.dumps(submission).encode(), assignment.course, "Copy of Untitled7.ipynb").name == "hw1"
    with pytest.raises(Ungradable, match="no exercise of this course"):
        recognise(b'{"cells": [{"cell_type": "code", "source": "x = 1"}]}', assignment.course)
