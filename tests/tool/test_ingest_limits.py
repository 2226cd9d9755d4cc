"""What cannot be graded is refused in a sentence; what is long, hostile or broken in one place costs no more than that."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.ingest import Ungradable, ingest
from autograder.ingest.read import PASTED
from autograder.ingest.script import script_cells
from tests.tool.damage import ANSWERS, Notebook, find
from tests.tool.damage_files import UNGRADABLE
from tests.tool.rebuilt import expected, extras, solutions, submit, works


@pytest.mark.parametrize("name", UNGRADABLE)
def test_what_cannot_be_graded_is_said_in_a_sentence(name: str, submission: Notebook, assignment: Assignment) -> None:
    damage, words = UNGRADABLE[name]
    with pytest.raises(Ungradable, match=words) as caught:
        ingest(damage(submission), assignment, "hw1.ipynb")
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
    text = json.dumps(ingested.notebook, ensure_ascii=False)
    assert text.encode()
    assert "\\u0000" not in text
    assert solutions(ingested, assignment)["last"] == ANSWERS["last"]


def test_a_cell_too_long_and_a_picture_pasted_into_text_are_left_out_alone(
    submission: Notebook, assignment: Assignment
) -> None:
    submission["cells"][find(submission, "double")]["source"] = "x = 1\n" * 100_000
    for source in (f"See ![](data:image/png;base64,{'A' * 20_000})!", note := "b" * 20_000, note + "b"):
        submission["cells"].append({"cell_type": "markdown", "metadata": {}, "source": source})
    ingested = submit(submission, assignment)
    assert ingested.found["double"] == "missing"
    assert solutions(ingested, assignment) == expected(assignment) | {"double": assignment.stubs["double"]}
    assert extras(ingested) == [f"See {PASTED}!", note]
    assert ingested.repairs == [
        "Code cells longer than 100,000 characters and text cells longer than 20,000 were left out: 2.",
        "The cells of exercises were missing; the course's untouched ones stand in their place: double.",
    ]


def test_a_long_script_of_one_cell_counts(submission: Notebook, assignment: Assignment) -> None:
    code = [cell["source"] for cell in submission["cells"] if cell["cell_type"] == "code"]
    works(ingest(("# -*- coding: utf-8 -*-\n" + "# note\n" * 8_000 + "\n\n".join(code)).encode(), assignment, "hw1.py"))


def test_after_so_many_headers_a_scripts_rest_is_one_cell() -> None:
    script = "x = 0\n# %% [raw]\n# note\n# %% [markdown]\n# # Title\n# %%\n# %%\n# %pip install x\nx = 1"
    assert script_cells(script, 9) == [
        ("code", "x = 0", None),
        ("raw", "note", None),
        ("markdown", "# Title", None),
        ("code", "%pip install x\nx = 1", None),
    ]
    assert script_cells(script, 2)[2][1].endswith("x = 1")


def test_ten_megabytes_of_outputs_cost_nothing(submission: Notebook, assignment: Assignment) -> None:
    lines = [f"\r{each:6d}/100000 [00:01<00:00, 9.{each:05d}it/s]" for each in range(100_000)]
    submission["cells"][find(submission, "double")]["outputs"] = [
        {"output_type": "stream", "name": "stderr", "text": lines},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": "A" * 6_000_000}},
    ]
    submission["cells"] += [{"cell_type": "code", "source": "x = 1"}] * (2_000 - len(submission["cells"]))
    ingested = ingest(json.dumps(submission).encode().ljust(20_000_000), assignment)  # as much as may be
    assert solutions(ingested, assignment) == expected(assignment)
    assert ingested.repairs == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=400), name=st.sampled_from(["a.ipynb", "a.py", ""]))
def test_any_bytes(data: bytes, name: str, assignment: Assignment) -> None:
    with pytest.raises(Ungradable):
        ingest(data, assignment, name)
