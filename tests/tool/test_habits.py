"""Habits that have nothing to do with the exercises cost nothing, and what is said of a fault is what is the matter."""

import random
import re
from functools import cache

import pytest

from autograder.course.assignment import Assignment
from autograder.grading.grade import grade_submission
from autograder.grading.remarks import remark
from autograder.grading.result import Result
from autograder.ingest import Ungradable, ingest, recognise
from autograder.judging.verdict import State, Verdict
from autograder.sandbox import Limits, Sandbox
from tests.places import table
from tests.tool.habits import HABITS, Cells, draw, export, saved, solved, written
from tests.tool.sandboxes import COURSE, require_sandbox, setup

NAMES = list(COURSE.assignments)
WORDS = table("tool/words.toml")
TEXTS = [
    "One line with \\xi, \\N and C:\\Users\\ada",
    'Ends with "quotes"\n\n"""no docstring"""',
    'Code:\n```python\ndef f():\n    """One."""\n\n    return """\nTwo\n"""\n```\nand \\\\',
    '```\ndef g():\n    """Many\n\n    lines.\n    """\n```',
]
FOREIGN = [{"cell_type": "code", "source": f"def {name}(x):\n    return x"} for name in ("train", "Model", "function")]


@cache
def assignment(name: str) -> Assignment:
    return Assignment.load(COURSE, name)


def grade(name: str, data: bytes, sandbox: Sandbox, filename: str = "") -> Result:
    return grade_submission(data, assignment(name), "ada", sandbox, filename)


def own(source: str) -> Cells:
    return [{"cell_type": "code", "source": source}]


@pytest.mark.heavy
@pytest.mark.parametrize(("name", "file", "seed"), [("finite_differences", "", 1), ("hw14", "Download .py", 2)])
def test_habits_cost_nothing(name: str, file: str, seed: int, course_sandbox: Sandbox) -> None:
    habits, filename, data = draw(assignment(name), random.Random(seed), file)
    result = grade(name, data, course_sandbox, filename)
    assert result.score == result.max, (habits, result.to_json())


@pytest.mark.parametrize("name", NAMES)
def test_a_download_as_py_has_the_same_cells(name: str) -> None:
    rng, solutions = random.Random(0), assignment(name).solution_cells
    for _ in range(10):
        cells = solved(assignment(name))
        for text in TEXTS:
            cells.insert(rng.randrange(len(cells)), {"cell_type": "markdown", "source": text})
        for cell in filter(written, cells):
            cell["source"] = cell["source"].replace("\n", f"\n{HABITS['top']['an old version']}\n", 1)
        cells[cells.index(cell) : cells.index(cell)] = own("exit()")
        rebuilt = [ingest(data, assignment(name)).notebook.cells for data in (saved(cells), export(cells))]
        notebook, script = ({c.id: c.source for c in each if c.id in solutions} for each in rebuilt)
        assert notebook == script
        assert [c.source for c in rebuilt[1] if c.cell_type == "code" and c.id.startswith("extra")] == ["exit()"]


@pytest.mark.parametrize("name", NAMES)
def test_another_assignments_notebook_is_called_so(name: str) -> None:
    for other in NAMES:
        if other != name:
            with pytest.raises(Ungradable, match=f"the notebook of {name}, not of {other}"):
                ingest(saved(solved(assignment(name))), assignment(other))
    with pytest.raises(Ungradable, match="None of the exercises"):
        ingest(saved(FOREIGN[:2]), assignment(name))
    asked = {each for each in assignment(name).solution_cells if not each.startswith("quiz-")}
    names = [min(names) for each, names in assignment(name).defines.items() if names and each in asked]
    some = [own(f"def {each}(): pass")[0] for each in names]
    enough = max(2, len(asked) // 3)  # of what only has the name of something asked
    assert ingest(saved(some[:enough]), assignment(name)).found
    with pytest.raises(Ungradable, match="None of the exercises"):
        ingest(saved(some[: enough - 1]), assignment(name))
    bare = [own(re.sub("^# exercise.*", "", each["source"]))[0] for each in solved(assignment(name))]
    assert recognise(saved(bare), COURSE).name == name


def test_a_notebook_with_more_of_other_homework_in_it_is_still_this_one() -> None:
    everything = saved([cell for name in NAMES for cell in solved(assignment(name))])
    for name in NAMES:
        assert "missing" not in ingest(everything, assignment(name)).found.values()


@pytest.mark.heavy
def test_what_is_said_is_what_is_the_matter(course_sandbox: Sandbox) -> None:
    cells = solved(assignment("hw14"))
    for cell in cells:
        fault = WORDS.get(cell["source"].partition("\n")[0].removeprefix("# exercise: "))
        if fault and cell["cell_type"] == "code":
            assert fault["old"] in cell["source"]
            cell["source"] = cell["source"].replace(fault["old"], fault["new"], 1)
    result = grade("hw14", saved([*own("sorted = 3"), *cells]), course_sandbox)
    found = {verdict.exercise: verdict for verdict in result.verdicts}
    for exercise, fault in WORDS.items():
        assert found[exercise].messages[0].startswith(fault["says"]), found[exercise]
        assert "has not been written yet" not in " ".join(found[exercise].messages)
    assert (found["si"].state, found["mas"].score) == (State.UNGRADABLE, found["mas"].max)


def test_a_helper_that_another_cell_defines_again_is_named() -> None:
    cells, helper = solved(assignment("finite_differences")), "\n\ndef scale(x):\n    return x"
    for cell in cells:
        cell["source"] += helper if cell["source"].startswith(("# exercise: schemes", "# exercise: best_h")) else ""
    notebook = ingest(saved(cells), assignment("finite_differences")).notebook
    for exercise, words in {"schemes": "gives `scale` a new meaning", "remainder": "wrong"}.items():
        verdict = Verdict(exercise, 0.0, 1.0, State.PARTIAL, ("wrong",))
        assert words in remark(verdict, notebook, assignment("finite_differences"), {}).messages[0]


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("name", "later"),
    [
        ("finite_differences", "np = abs = 3\nfrom numpy import *\n%reset -f"),
        ("finite_differences", "gradient = gradient(sum, [1.0, 2.0])"),
        ("autodiff", "from lifelong import *\nunbroadcast = 3  # another exercise uses it"),
        ("autodiff", "np.seterr(all='raise')"),
        ("hw14", "torch.set_grad_enabled(False)"),
    ],
)
def test_an_exercise_counts_as_it_was_behind_its_cell(name: str, later: str, course_sandbox: Sandbox) -> None:
    result = grade(name, saved([*solved(assignment(name)), *own(later)]), course_sandbox)
    assert result.score == result.max, result.to_json()


@pytest.mark.heavy
def test_own_cells_that_never_end_leave_the_exercises_their_time() -> None:
    require_sandbox()
    endless = own("while True:\n    try:\n        pass\n    except BaseException:\n        pass") * 8
    sleep = own("import time\ntime.sleep(99)") * 40
    cells = [*endless, *sleep, *solved(assignment("finite_differences")), *sleep]
    limits = Limits(cell_seconds=1.0, grace_seconds=0.5, submission_seconds=40.0)
    with Sandbox(setup("finite_differences", limits)) as sandbox:
        result = grade("finite_differences", saved(cells), sandbox)
    assert result.score == result.max, result.to_json()


@pytest.mark.heavy
def test_what_ends_the_process_behind_its_stub_costs_only_itself(course_sandbox: Sandbox) -> None:
    name, fatal = "finite_differences", "import os\n'best_h' in globals() and os._exit(1)\nraise ValueError"
    cells = [
        {**cell, "source": f"# exercise: best_h\n{fatal}"} if "def best_h" in "".join(cell["source"]) else cell
        for cell in solved(assignment(name))
    ]
    result = grade(name, saved(cells), course_sandbox)
    assert {each.exercise: each.state for each in result.verdicts if each.score < each.max} == {"best_h": State.ERROR}
