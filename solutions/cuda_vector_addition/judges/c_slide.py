"""Judge ``c_slide``: the slide's program adds N numbers with a single thread; mended, it adds all of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

from .c_faults import COMPILER, SECONDS, clean, found_mistakes

BLOCKS = (32, 64, 100, 128, 192, 256, 512, 1024)
MOST_THREADS = 1024
UNWRITTEN = -1  # what the pretended device's memory holds at first
ODD, ROUND = ("127", "129", "drawn"), ("128", "512")


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes round a block's, one, and a large odd one."""
    large = int(rng.integers(700, 2000)) * 2 + 1
    sizes = {"127": 127, "129": 129, "drawn": large, "128": 128, "512": 512, "one": 1}
    cases = []
    for name, n in sizes.items():
        arrays = {key: rng.integers(10, 10000, n).astype(np.int32) for key in ("a", "b")}
        cases.append(Case(name, {**arrays, "c": np.full(n, -int(rng.integers(1000, 2000)), dtype=np.int32)}))
    return cases


def _sums(inputs: Tree) -> np.ndarray:
    return np.asarray(inputs["a"], dtype=np.int64) + np.asarray(inputs["b"], dtype=np.int64)


def oracle(inputs: Tree) -> Tree:
    """All sums, made by kernels."""
    return {"result": _sums(inputs), "on_device": True}


def _only(reach: Callable[[int], int]) -> Callable[[Tree], Tree]:
    """The sums of the first elements only; the rest is what lay in the device's memory."""

    def expected(inputs: Tree) -> Tree:
        result = _sums(inputs)
        count = reach(len(result))
        return {"result": np.where(np.arange(len(result)) < count, result, UNWRITTEN)} if count < len(result) else {}

    return expected


def _rounded_down(block: int) -> Callable[[int], int]:
    return lambda n: n // block * block


SUMS = ("odd", "round", "one")
MISTAKES = (
    Mistake(
        "on-the-host",
        "The sums are right, but the host has made them: let a kernel do it, and copy its results back.",
        lambda inputs: {"result": _sums(inputs), "on_device": False},
        checks=SUMS,
    ),
    Mistake(
        "one-thread",
        "Only the first sum is there: <<<1, 1>>> starts one thread. Start one for each element.",
        _only(lambda n: 1),
    ),
    Mistake(
        "one-block",
        "With more than 1024 elements nothing is added: a block has at most 1024 threads, so take several blocks.",
        _only(lambda n: n if n <= MOST_THREADS else 0),
    ),
    *(
        Mistake(
            "rounds-down",
            "The last elements are not added: n / threads rounds down, and the elements of the last, unfilled block get no thread. Round up.",
            _only(_rounded_down(block)),
        )
        for block in BLOCKS
    ),
    Mistake(
        "no-copy-back",
        "c is as it was: the sums are still on the device. Copy them back.",
        lambda inputs: {"result": np.asarray(inputs["c"])},
    ),
    *found_mistakes(
        SUMS, ("bounds in a kernel", "race between blocks", "race in a block"), sizes=(0, 1, 127, 128), array="a"
    ),
    *found_mistakes(
        SUMS, ("bounds in a call", "host-pointer", "device-pointer", "direction", "free", "freed", "null"), array="a"
    ),
    *found_mistakes(("clean",), ("leak", "host-leak"), array="a"),
    Mistake(
        "too-few-threads",
        "Each sum is there, but there are fewer threads than elements: start one for each element.",
        lambda inputs: {"enough": len(inputs["a"]) == 1},
        checks=("threads",),
    ),
    Mistake(
        "idle-block",
        "Where n is a multiple of the block's size, the last block has nothing to do: n / threads + 1 is one too many.",
        lambda inputs: {"enough": True, "idle": True} if len(inputs["a"]) in (128, 512) else {},
        checks=("threads",),
    ),
)

EXERCISE = Exercise(
    id="c_slide",
    draw=draw,
    checks=(
        Check("odd", "All sums, where n fills no last block", share=0.5, cases=ODD, expected=oracle),
        Check("round", "All sums, where it does", share=0.1, cases=ROUND, expected=oracle, needs=("odd",)),
        Check("one", "A single element", share=0.1, cases=("one",), expected=oracle, needs=("odd",)),
        Check(
            "threads",
            "One thread for each element, and no block without work",
            share=0.1,
            cases=(*ODD, *ROUND),
            expected=lambda inputs: {"enough": True, "idle": False},
            needs=("odd",),
        ),
        clean("clean", "What is allocated is given back", 0.2, (*ODD, *ROUND, "one"), ("odd",)),
    ),
    mistakes=MISTAKES,
    seconds=SECONDS,
    program=COMPILER,
)
