"""The homework on kernels: what its cases try, and cheats that patch all that runs in their process."""

import re

import numpy as np
import pytest

from autograder.judging.exercise import Case
from autograder.judging.judge import judge
from autograder.verify.bank import edited
from lifelong.cuda import draw, recording, to_device
from lifelong.cuda.memory import MARGIN
from tests.course.bank_reference import BY_ID, Tried, ask, cells, namespace
from tests.places import table

pytestmark = pytest.mark.heavy

SIMULATED = ("global_index", "bounds_guard", "grid_size", "grid_stride", "hadamard", "block_sum", "convolution")


def drawn(exercise: str, seed: int = 0) -> list[Case]:
    return BY_ID[exercise].draw(np.random.default_rng(seed))


def test_the_sizes_of_the_course_are_among_the_cases() -> None:
    sizes = {1, 127, 128, 129, 512}
    for exercise in ("bounds_guard", "grid_stride", "block_sum", "grid_size"):
        assert sizes <= {case.inputs["n"] for case in drawn(exercise) if "n" in case.inputs}
    assert sizes <= {case.inputs["label"].size for case in drawn("global_index")}


@pytest.mark.parametrize("exercise", SIMULATED[:2] + SIMULATED[3:])
def test_cells_around_the_answer_are_watched_and_inputs_differ_from_student_to_student(exercise: str) -> None:
    one, other = drawn(exercise, 1), drawn(exercise, 2)
    for case, another in zip(one, other, strict=True):
        assert case.inputs["seeds"] != another.inputs["seeds"]
        judging = (check for check in BY_ID[exercise].checks if case.name in check.cases)
        right = next(oracle(case.inputs) for check in judging if (oracle := check.expected or check.example))
        around = [cells for name, cells in right.items() if name.startswith("the memory around")]
        assert around
        assert all((each == case.inputs["sentinel"]).all() and each.shape[-1] == 2 * MARGIN for each in around)


FORGED = table("course/forged_kernels.toml")
PATCHES = FORGED.pop("patches")


@pytest.mark.parametrize("name", FORGED)
def test_what_is_not_there_earns_nothing(name: str, tried: Tried) -> None:
    verdict = tried(FORGED[name]["exercise"], PATCHES + FORGED[name]["source"])
    assert verdict.score == 0, verdict
    assert FORGED[name]["words"] in " ".join(verdict.messages)


SLIPS = table("course/kernel_slips.toml")


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_costs_its_share_and_is_told(name: str, tried: Tried) -> None:
    slip = SLIPS[name]
    verdict = tried(slip["exercise"], edited(dict(cells("cuda_vector_addition"))[slip["exercise"]], slip["edits"]))
    assert verdict.score == pytest.approx(slip["share"] * verdict.max, abs=0.01), verdict.checks
    assert slip["words"] in " ".join(verdict.messages)


def test_examples_are_small_and_speak_of_the_students_arrays() -> None:
    slip = "# ~ row < rows and column < columns => row < rows and column < columns and (row + column) % 3"
    source = edited(dict(cells("cuda_vector_addition"))["hadamard"], slip)
    exercise, cases = BY_ID["hadamard"], drawn("hadamard")
    replies = ask(exercise, namespace("cuda_vector_addition", {"hadamard": source}), cases)
    (words, _) = judge(exercise, cases, replies, 3.0, public=True).messages
    assert "For example, launched with `[(2, 1), (2, 2)]`, rows = 2, columns = 3, pitch = 4, a = [" in words
    assert re.search(r"\], c\[\d\] is \d+; right is \d+\.$", words), words


def test_the_solution_is_not_accused_and_is_drawn() -> None:
    names = namespace("cuda_vector_addition", {})
    with recording() as record:
        sums = to_device(np.zeros(2, np.float32))
        names["block_sum"][2, 8](to_device(np.float32([3, 1, 7, 0, 4, 1, 6, 3, 5, 5])), sums, 10)
    assert record.findings == []
    assert sums.copy_to_host().tolist() == [25, 10]
    picture = draw()
    assert picture is not None
    assert {"tile", "barrier 1", "barrier 3", "sums"} <= {text.get_text() for text in picture.axes[0].texts}
