"""Judge ``c_memory``: a host function that brings data to the device and back, and looks at every return code."""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from autograder.judging import Case, Mistakes, Tree
from autograder.judging.exercise import Oracle

from .c_faults import IN_CALLS, called, clean, found, observed, program_exercise, ran, said, stopped, where
from .launches import Array

PLENTY = 1 << 22
OUT_OF_MEMORY, NO_LAUNCH = 2, 9
SIZES = ("127", "512", "drawn")
UNLIMITED, BROKEN = 1 << 30, 214
POOR = ("no room", "room for one", "room for two")
FAILING = ("no copy", "one copy", "two copies")
EACH = (*POOR, *FAILING, "no launch")


def draw(rng: np.random.Generator) -> list[Case]:
    """Some sizes on a device with plenty of room, one with room for none, one or two of the arrays, and one whose copies fail.

    And on one that has been asked for too much before.
    """
    large = int(rng.integers(16_400, 17_000))
    cases = [_case(rng, name, n, PLENTY) for name, n in zip(SIZES, (127, 512, large), strict=True)]
    for rooms, name in enumerate(POOR):
        n = int(rng.integers(200, 300))
        cases.append(_case(rng, name, n, rooms * n * 4 + n))
    cases += [_case(rng, name, 100 + copies, PLENTY, copies=copies) for copies, name in enumerate(FAILING)]
    much = int(rng.integers(10_000, 20_000))
    cases.append(_case(rng, "again", 150, 4 * much - 1, before=much))
    return [*cases, _case(rng, "no launch", 200, PLENTY, launches=False)]


def _case(rng: np.random.Generator, name: str, n: int, device_bytes: int, **limits: Any) -> Case:
    arrays = {key: (rng.integers(-800, 800, n) / 8).astype(np.float32) for key in ("x", "y")}
    z = np.full(n, -float(rng.integers(1000, 2000)), dtype=np.float32)
    limits = {"launches": True, "copies": UNLIMITED, "before": 0, **limits}
    return Case(name, {**arrays, "z": z, "device_bytes": device_bytes, **limits})


def mean(x: Array, y: Array) -> Array:
    """What belongs in a cell of z."""
    return (x + y) / 2


def means(inputs: Tree, value: Callable[[Array, Array], Array] = mean) -> Array:
    """What z should hold, or what a slip makes of it."""
    return value(np.asarray(inputs["x"], dtype=np.float64), np.asarray(inputs["y"], dtype=np.float64))


def poor(inputs: Tree) -> bool:
    """Whether the device has not enough memory, or had not for a call before."""
    return bool(inputs["before"] or inputs["device_bytes"] < 12 * len(inputs["x"]))


def rounded_down(block: int, inputs: Tree) -> Tree:
    """What is seen where the last, unfilled block is not started: a launch of nothing fails."""
    blocks, left = divmod(len(inputs["x"]), block)
    return {"code": NO_LAUNCH} if not blocks else {"faults": ["unwritten-output"]} if left else {}


def freed_unset(inputs: Tree, *, rooms: int) -> Tree:
    """What is found where a pointer that no cudaMalloc has set is freed: device memory lacks room for so many arrays."""
    short = inputs["before"] or inputs["device_bytes"] < 4 * rooms * len(inputs["x"])
    return {"faults": ["free"]} if short else {}


mistake = Mistakes(beside=__file__)

mistake.listed("on-the-host", lambda inputs: {"result": means(inputs), "on_device": False})
mistake.listed("no-copy-back", lambda inputs: {"result": inputs["z"]})
mistake.listed("integer-half", lambda inputs: {"result": 0 * inputs["z"]})
mistake.group("result", oracle=lambda rule: lambda inputs: {"result": means(inputs, rule)}).formula(mean)


@mistake("result")
def copies_elements(inputs: Tree) -> Tree:
    """Only a quarter of the elements comes through: cudaMemcpy counts bytes, n * sizeof(float)."""
    n = len(inputs["x"])
    copied = means(inputs).astype(np.float32).tobytes()[:n]
    return {"result": np.frombuffer(copied + inputs["z"].tobytes()[n:], dtype=np.float32)}


mistake.listed("one-block", where(lambda inputs: len(inputs["x"]) > 1024, code=NO_LAUNCH))
for block in (32, 64, 100, 128, 192, 256, 512, 1024):
    mistake.listed("rounds-down", partial(rounded_down, block))
mistake.add(*found(*IN_CALLS, checks=("result",)))
mistake.add(*found("leak", "host-leak", "free", checks=("frees",)))


mistake.listed("unchecked-allocation", where(poor, faults=["null"]))
mistake.listed("success-after-failure", where(poor, code=0))
for kind in ("leak", "host-leak"):
    mistake.named(kind, where(lambda inputs: not poor(inputs), faults=[kind]), "frees-on-failure", says=said(kind))
mistake.listed("leak-on-failure", where(lambda it: poor(it) and it["device_bytes"] > 4 * len(it["x"]), faults=["leak"]))
mistake.listed("leak-on-failure", where(lambda it: it["device_bytes"] > 4 * len(it["x"]), faults=["leak"]))
mistake.listed("unchecked-launch", where(lambda inputs: not inputs["launches"], code=0))
for made in range(3):
    mistake.listed("unchecked-copy", where(lambda inputs, made=made: made <= inputs["copies"] < 3, code=0))
UNWRITTEN: Tree = {"faults": ["unwritten"]}
for first, last in product(({}, UNWRITTEN), ({}, UNWRITTEN, {"code": 0})):
    ends = [first, UNWRITTEN, last]
    mistake.listed("unchecked-copy", lambda inputs, ends=ends: ends[inputs["copies"]] if inputs["copies"] < 3 else {})


def where_it_fails(**outputs: Any) -> Oracle:
    """What shows wherever something fails, but for what is right there."""
    always = "returned" in outputs
    return where(lambda it: (fails(it) or (always and it["before"])) and outputs != {"code": fails(it)}, **outputs)


def fails(inputs: Tree) -> int:
    """The code of what fails first, if anything does."""
    if poor(inputs):
        return 0 if inputs["before"] else OUT_OF_MEMORY
    return BROKEN if inputs["copies"] < UNLIMITED else 0 if inputs["launches"] else NO_LAUNCH


for faults in ([], ["leak"]):
    mistake.listed("exits", where_it_fails(returned=False, faults=faults))
    mistake.listed("code-lost", where_it_fails(code=0, faults=faults))
for code in (1, -1, OUT_OF_MEMORY, 3, NO_LAUNCH, 11, 30, BROKEN, 999):
    mistake.listed("other-code", where_it_fails(code=code))
mistake.stages(freed_unset).ways("uninitialised-freed", "rooms", 1, 2, 3)

unguarded = where(lambda inputs: len(inputs["x"]) % 256, faults=["bounds in a kernel"])
mistake.named("no-guard", unguarded, "result", says=said("bounds in a kernel"))
mistake.named("freed-twice", lambda inputs: {"faults": ["free", "leak"]}, "frees", says=said("free"))


def returned(inputs: Tree, outputs: Tree) -> Tree:
    """What came back, and whether the function came to its end."""
    return {**outputs, "returned": "code" in outputs}


def copied(inputs: Tree, outputs: Tree) -> str | None:
    """The code of the copy that failed; or success, where none was needed."""
    if "code" not in outputs:
        return stopped(inputs, outputs)
    if outputs["code"] == fails(inputs) or (outputs["code"] == 0 and np.allclose(outputs["result"], means(inputs))):
        return None
    return "cudaMemcpy fails, and your function does not return its code."


def given_back(inputs: Tree, outputs: Tree) -> str | None:
    """Whether all is free again where something fails, whatever else is wrong there."""
    kinds = outputs["faults"] if isinstance(outputs["faults"], list) else []
    wrong = [said(kind) for kind in ("leak", "host-leak", "free") if kind in kinds]
    return f"Where {failing(inputs)} fails: {' '.join(wrong)}" if wrong else None


def failing(inputs: Tree) -> str:
    """What fails, as it is told."""
    if inputs["copies"] < UNLIMITED:
        return f"the {('first', 'second', 'third')[inputs['copies']]} copy"
    return "a cudaMalloc" if inputs["launches"] else "the launch"


def right(inputs: Tree) -> Tree:
    """The code of what fails, or the means, made by a kernel."""
    return {"code": fails(inputs), "result": means(inputs), "on_device": True}


ALLOCATION = "A device without enough memory: cudaMalloc's code comes back, and not once there is enough"
COPY = "A copy that fails: its code comes back"
LAUNCH = "A launch that fails: its code comes back"
GIVEN_BACK = "Whatever fails: what was allocated before is given back"
code = partial(ran, expected=right, outputs=("code",))
CHECKS = (
    ran("result", "The means, and cudaSuccess", share=0.35, cases=SIZES, expected=right),
    clean("frees", "What is allocated is given back", share=0.15, cases=SIZES, needs=("result",)),
    code("allocation", ALLOCATION, share=0.15, cases=(*POOR, "again", "512")),
    observed("frees-on-failure", GIVEN_BACK, share=0.15, cases=EACH, complaint=given_back, needs=("allocation",)),
    code("launch", LAUNCH, share=0.1, cases=("no launch", "512")),
    observed("copies", COPY, share=0.1, cases=(*FAILING, "512"), complaint=copied, needs=()),
)
EXERCISE = program_exercise("c_memory", draw, CHECKS, mistake, read=returned, described=called)
