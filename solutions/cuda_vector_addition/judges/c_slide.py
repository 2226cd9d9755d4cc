"""Judge ``c_slide``: the slide's program adds N numbers with a single thread; mended, it adds all of them."""

from collections.abc import Callable
from functools import partial

import numpy as np

from autograder.judging import Case, Mistakes, Tree

from .c_faults import IN_CALLS, called, clean, found, observed, program_exercise, ran, said, where
from .launches import Array

FEW, MANY, ROUND = ("127", "129"), ("129", "drawn"), ("512", "1024")
"""By check: a small case shows what is not wrong of large ones alone."""
SUMS = ("few", "many", "round", "one")


def draw(rng: np.random.Generator) -> list[Case]:
    """The sizes round a block's, one, and a large odd one, behind a call with half of it; many numbers are large."""
    large = int(rng.integers(4200, 5000)) * 2 + 1
    cases = []
    sizes = {"127": 127, "129": 129, "drawn": large, "512": 512, "1024": 1024, "9600": 9600, "one": 1}
    for name, n in sizes.items():
        most = 2**30 if n > 500 else 10000
        arrays = {key: rng.integers(-most, most, n).astype(np.int32) for key in ("a", "b")}
        arrays["c"] = np.full(n, -int(rng.integers(1000, 2000)), dtype=np.int32)
        cases.append(Case(name, {**arrays, "before": n // 2 if name == "drawn" else 0}))
    return cases


def add(a: Array, b: Array) -> Array:
    """What belongs in a cell of c."""
    return a + b


def sums(inputs: Tree, *, value: Callable[[Array, Array], Array] = add, count: int | None = None) -> Array:
    """What c should hold; of the first elements alone: the rest is −1, which the pretended device's memory holds at first."""
    made = value(np.asarray(inputs["a"], dtype=np.int64), np.asarray(inputs["b"], dtype=np.int64))
    return made if count is None else np.where(np.arange(len(made)) < count, made, -1)


def oracle(inputs: Tree) -> Tree:
    """All sums, made by kernels."""
    return {"result": sums(inputs), "on_device": True}


def only(inputs: Tree, count: int) -> Tree:
    """The sums of the first elements, where there are more."""
    return {"result": sums(inputs, count=count)} if count < len(inputs["a"]) else {}


mistake = Mistakes(beside=__file__)

mistake.listed("on-the-host", lambda inputs: {"result": sums(inputs), "on_device": False}, *SUMS)
mistake.listed("one-thread", lambda inputs: only(inputs, 1))
mistake.listed("one-block", lambda inputs: {} if len(inputs["a"]) <= 1024 else only(inputs, 0))
for block in (32, 64, 100, 128, 192, 256, 512, 1024):
    mistake.listed("rounds-down", lambda inputs, block=block: only(inputs, len(inputs["a"]) // block * block))
mistake.listed(
    "built-in-size", lambda inputs: {"faults": ["bounds in a kernel"]} if len(inputs["a"]) < 512 else only(inputs, 512)
)
mistake.group(*SUMS, oracle=lambda rule: lambda inputs: {"result": sums(inputs, value=rule)}).formula(add)
mistake.listed("no-copy-back", lambda inputs: {"result": inputs["c"]})
IN_THREADS = ("bounds in a kernel", "race between blocks", "race in a block")
mistake.add(*found(*IN_THREADS, checks=SUMS, sizes=(0, 1, 127, 128), array="a"))
mistake.add(*found(*IN_CALLS, checks=SUMS, array="a"))
mistake.add(*found("leak", "host-leak", "free", checks=("clean",), array="a"))
for block in (1, 32, 64, 128, 256, 512, 1024):
    mistake.listed("too-few-threads", lambda inputs, block=block: {"enough": len(inputs["a"]) <= block})
for filled in ((512, 1024), (512, 1024, 9600), (9600,)):
    full = where(lambda inputs, filled=filled: len(inputs["a"]) in filled, enough=True, idle=True)
    mistake.listed("idle-block", full)
mistake.listed("spare-blocks", lambda inputs: {"idle": True})
for threads in (32, 64, 100, 128, 192, 256, 512, 1024):
    mistake.listed(
        "launch-swapped",
        lambda inputs, threads=threads: {"idle": (threads - 1) * -(-len(inputs["a"]) // threads) >= len(inputs["a"])},
    )
mistake.named("freed-twice", lambda inputs: {"faults": ["free", "leak"]}, "clean", says=said("free"))


def idle(inputs: Tree, outputs: Tree) -> str | None:
    """As many threads as elements, or some more in the last block."""
    if outputs["enough"] is not True:
        return "fewer threads write than there are elements."
    if outputs["idle"] is not False:
        return "a block has no element: as few blocks as possible, each with many threads."
    return None


THREADS = "One thread for each element, and no block without work"
ALL = ("127", *MANY, *ROUND)
adds = partial(ran, expected=oracle, tolerance=1e-12)
CHECKS = (
    adds("few", "All sums, where n is small and fills no last block", share=0.2, cases=FEW),
    adds("many", "All sums, where n is large and fills no last block", share=0.15, cases=MANY),
    adds("round", "All sums, where it does", share=0.25, cases=ROUND),
    adds("one", "A single element", share=0.1, needs=("few",)),
    observed("threads", THREADS, share=0.1, cases=(*ALL, "9600"), complaint=idle, needs=("few", "many")),
    clean("clean", "What is allocated is given back", share=0.2, cases=ALL, needs=("few", "many")),
)
EXERCISE = program_exercise("c_slide", draw, CHECKS, mistake, described=called)
