"""The homework on kernels: its oracles against NumPy, and cheats that patch all that runs in their process."""

from typing import Any

import numpy as np
import pytest

from autograder.course.assignment import Assignment
from autograder.judging.exercise import Case
from autograder.sandbox import Sandbox
from autograder.verify.bank import Kind, Sample
from autograder.verify.promises import _try
from lifelong.cuda import draw, recording, to_device
from solutions.cuda_vector_addition.judges.launches import MARGIN, OUTPUT
from tests.course.bank_reference import BY_ID, COURSE, cells, namespace
from tests.tool.sandboxes import setup

pytestmark = pytest.mark.heavy

ASSIGNMENT = "cuda_vector_addition"
SIMULATED = ("global_index", "bounds_guard", "grid_size", "grid_stride", "hadamard", "block_sum", "convolution")


def drawn(exercise: str, seed: int = 0) -> list[Case]:
    return BY_ID[exercise].draw(np.random.default_rng(seed))


def expected_cells(exercise: str, case: Case, shape: tuple[int, ...]) -> Any:
    memory = BY_ID[exercise].checks[0].expected(case.inputs)[OUTPUT]
    return memory[MARGIN : MARGIN + int(np.prod(shape))].reshape(shape)


@pytest.mark.parametrize("seed", range(3))
def test_the_oracles_agree_with_numpy(seed: int) -> None:
    for case in drawn("convolution", seed):
        image, weights, p = case.inputs["image"], case.inputs["weights"], case.inputs["k"] // 2
        windows = np.lib.stride_tricks.sliding_window_view(np.pad(image.astype(float), p), weights.shape)
        right = np.einsum("rcuv,uv->rc", windows, weights)
        np.testing.assert_allclose(expected_cells("convolution", case, image.shape), right)
    for case in drawn("hadamard", seed):
        rows, columns, pitch = (case.inputs[name] for name in ("rows", "columns", "pitch"))
        a, b, c = (case.inputs[name][: rows * pitch].reshape(rows, pitch) for name in "abc")
        result = expected_cells("hadamard", case, (rows, pitch))
        np.testing.assert_allclose(result[:, :columns], (a * b)[:, :columns])
        np.testing.assert_allclose(result[:, columns:], c[:, columns:])
    for case in drawn("block_sum", seed):
        blocks, size, n = *case.inputs["grid"], *case.inputs["block"], case.inputs["n"]
        right = [case.inputs["x"][b * size : min((b + 1) * size, n)].sum() for b in range(blocks)]
        np.testing.assert_allclose(expected_cells("block_sum", case, (blocks,)), right)


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
        judging = (check for check in BY_ID[exercise].checks if case.name in check.cases and check.expected)
        memory = next(judging).expected(case.inputs)[OUTPUT]
        assert (memory[:MARGIN] == case.inputs["sentinel"]).all()
        assert (memory[-MARGIN:] == case.inputs["sentinel"]).all()


PATCHES = """
import numpy as np
import lifelong.cuda.launch, lifelong.cuda.source, lifelong.cuda_c.runner as R
import probes.cuda_vector_addition.kernels as K, probes.cuda_vector_addition.c_programs as C
lifelong.cuda.launch.Launch.conclude = lambda self, races: None
K._said = lambda records: dict.fromkeys(("raced", "divergent", "unwritten", "outside", "alone"), False)
def run(program, inputs=(), outputs=(), limits=None):
    a, b = np.array(inputs[1]), np.array(inputs[2])
    many = {"atomics": 0, "written": 1 << 40, "fetched": 1 << 40}
    return R.Run("", (a + b,), (), (R.Grid("k", 1, (-(-len(a) // 128), 1, 1), (128, 1, 1), True),), 0, **many)
C.run_program = R.run_program = run
C.compile_program = lambda *a: None
class Fake:
    def __init__(self, f): self.f = f
    def __getitem__(self, shape): return lambda *arguments: self.f(*arguments)
"""
"""A cell's first lines that let the course's own code, in this process, say what they like."""

TAKEN = "K.take = lifelong.cuda.source.take = lambda *a: {'kernel': 'k', 'values': {}, 'known': %s, 'functions': {'k': {'kind': 'kernel', 'text': %r, 'line': 1}}}\nlabel_1d = label_2d = 1"
COPY = "@kernel\ndef fahrenheit(celsius, result, n):\n    "
SLIDE = "def slide_program():\n    return r'''%s'''"

FORGED = {
    "numpy for a kernel": (
        "bounds_guard",
        "def f(c, r, n): r.values()[:n] = c.values()[:n] * 1.8 + 32\nfahrenheit = Fake(f)",
        "`fahrenheit` is not a kernel: decorate a function with @kernel",
    ),
    "numpy in a kernel": ("bounds_guard", f"{COPY}np.copyto(result, celsius)", "a kernel cannot call `numpy.copyto`"),
    "all cells at once": ("bounds_guard", f"{COPY}result.values()[:n] = 1", "a kernel cannot call `result.values`"),
    "a way round": (
        "bounds_guard",
        f"{COPY}shared.array.__globals__['np']",
        "a kernel cannot use `lifelong.cuda.shared.",
    ),
    "another text": ("global_index", TAKEN % ({}, "def k(label): import os"), "a kernel cannot contain `import os`"),
    "another name": ("global_index", TAKEN % ({"f": "os.system"}, "def k(label): f('x')"), "name 'f' is not defined"),
    "no text": ("global_index", "K.take = lambda *a: [[]] * 7\nlabel_1d = label_2d = 1", "TypeError"),
    "no program": ("c_slide", SLIDE % "", "'add_vectors' was not declared"),
    "a report by a constructor": (
        "c_slide",
        SLIDE
        % '#include <stdio.h>\nint early = fputs("{}", fopen("report", "w"));\nvoid add_vectors(const int *a, const int *b, int *c, int n) {}',
        "cannot call `f",
    ),
}
"""By what is forged: the exercise, a cell that has all of the above patched, and words of the verdict."""


@pytest.fixture(scope="module")
def sandbox() -> Any:
    with Sandbox(setup(ASSIGNMENT), private=[COURSE.root]) as made:
        yield made


@pytest.mark.parametrize("name", FORGED)
def test_what_is_not_there_earns_nothing(name: str, sandbox: Sandbox) -> None:
    exercise, source, words = FORGED[name]
    sample = Sample(exercise, Kind.NOTHING, name, PATCHES + source)
    verdict = _try(Assignment.load(COURSE, ASSIGNMENT), sandbox, sample)
    assert verdict.score == 0, verdict
    assert words in " ".join(verdict.messages)


def test_the_solution_is_not_accused_and_is_drawn() -> None:
    names = namespace(ASSIGNMENT, {})
    with recording() as record:
        sums = to_device(np.zeros(2, np.float32))
        names["block_sum"][2, 8](to_device(np.float32([3, 1, 7, 0, 4, 1, 6, 3, 5, 5])), sums, 10)
    assert record.findings == []
    assert sums.copy_to_host().tolist() == [25, 10]
    picture = draw()
    assert picture is not None
    assert {"tile", "barrier 1", "barrier 3", "sums"} <= {text.get_text() for text in picture.axes[0].texts}


def test_the_homework_has_these_exercises() -> None:
    ids = [exercise for exercise, _ in Assignment.load(COURSE, ASSIGNMENT).exercises]
    assert tuple(ids[: len(SIMULATED)]) == SIMULATED
    assert len(ids) >= 8
    assert [name for name, _ in cells(ASSIGNMENT) if name] == ids
