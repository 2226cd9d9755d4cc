"""Judge ``c_memory``: a host function that brings data to the device and back, and looks at every return code."""

from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree
from autograder.judging.exercise import Oracle

from .c_faults import COMPILER, IN_CALLS, MESSAGES, SECONDS, clean, found, ran

PLENTY = 1 << 22
OUT_OF_MEMORY, NO_LAUNCH = 2, 9
SIZES = ("127", "512", "drawn")
POOR = ("no room", "room for one", "room for two")


def draw(rng: np.random.Generator) -> list[Case]:
    """Some sizes on a device with plenty of room, and a device with room for none, one or two of the arrays."""
    large = int(rng.integers(1100, 3000))
    cases = [_case(rng, name, n, PLENTY) for name, n in zip(SIZES, (127, 512, large), strict=True)]
    for rooms, name in enumerate(POOR):
        n = int(rng.integers(200, 300))
        cases.append(_case(rng, name, n, rooms * n * 4 + n))
    return [*cases, _case(rng, "no launch", 200, PLENTY, launches=False)]


def _case(rng: np.random.Generator, name: str, n: int, device_bytes: int, launches: bool = True) -> Case:
    arrays = {key: (rng.integers(-800, 800, n) / 8).astype(np.float32) for key in ("x", "y")}
    z = np.full(n, -float(rng.integers(1000, 2000)), dtype=np.float32)
    return Case(name, {**arrays, "z": z, "device_bytes": device_bytes, "launches": launches})


def means(inputs: Tree) -> np.ndarray:
    """What z should hold."""
    return (np.asarray(inputs["x"], dtype=np.float64) + np.asarray(inputs["y"], dtype=np.float64)) / 2


mistake = Mistakes()

mistake.named("on-the-host", lambda inputs: {"result": means(inputs), "on_device": False}, "result").says(
    "The means are right, but the host has made them: let a kernel do it, and copy its results back."
)
mistake.named("no-copy-back", lambda inputs: {"result": inputs["z"]}, "result").says(
    "z is as it was: the means are still on the device. Copy them back."
)


@mistake("result")
def copies_elements(inputs: Tree) -> Tree:
    """Only a quarter of the elements comes through: cudaMemcpy counts bytes, n * sizeof(float)."""
    n = len(inputs["x"])
    copied = means(inputs).astype(np.float32).tobytes()[:n]
    return {"result": np.frombuffer(copied + inputs["z"].tobytes()[n:], dtype=np.float32)}


mistake.add(*found(*IN_CALLS, checks=("result",)))
mistake.add(*found("leak", "host-leak", "free", checks=("frees",)))


def where_poor(**outputs: Any) -> Oracle:
    """What shows on a device without enough memory."""
    return lambda inputs: outputs if inputs["device_bytes"] < PLENTY else {}


mistake.named("unchecked-allocation", where_poor(faults=["null"]), "allocation").says(
    "Where cudaMalloc fails, your function goes on with a null pointer: look at the code that it returns, and return it."
)
mistake.named("success-after-failure", where_poor(code=0), "allocation").says(
    "Where cudaMalloc fails, your function returns cudaSuccess: return the code that came from cudaMalloc."
)
mistake.named(
    "leak-on-failure",
    lambda inputs: {"faults": ["leak"] if inputs["device_bytes"] > 4 * len(inputs["x"]) else []},
    "frees-on-failure",
).says("Where a later cudaMalloc fails, what the earlier ones gave is never given back: free it on every way out.")
mistake.named("unchecked-launch", lambda inputs: {} if inputs["launches"] else {"code": 0}, "launch").says(
    "A launch returns nothing, and where it fails your function says cudaSuccess: ask cudaGetLastError() right after it."
)

mistake.named(
    "no-guard", lambda inputs: {"faults": ["bounds in a kernel"]} if len(inputs["x"]) % 256 else {}, "result"
).says(MESSAGES["bounds in a kernel"])
mistake.named("freed-twice", lambda inputs: {"faults": ["free", "leak"]}, "frees").says(MESSAGES["free"])

GIVEN_BACK = "… and what was allocated before is given back"
CHECKS = (
    ran(
        "result",
        "The means, and cudaSuccess",
        share=0.35,
        cases=SIZES,
        expected=lambda inputs: {"code": 0, "result": means(inputs), "on_device": True},
    ),
    clean("frees", "What is allocated is given back", share=0.15, cases=SIZES, needs=("result",)),
    ran(
        "allocation",
        "A device without enough memory: cudaMalloc's code comes back",
        share=0.2,
        cases=(*POOR, "512"),
        expected=lambda inputs: {"code": OUT_OF_MEMORY if inputs["device_bytes"] < PLENTY else 0},
    ),
    clean("frees-on-failure", GIVEN_BACK, share=0.15, cases=POOR, needs=("allocation",)),
    ran(
        "launch",
        "A launch that fails: its code comes back",
        share=0.15,
        cases=("no launch", "512"),
        expected=lambda inputs: {"code": 0 if inputs["launches"] else NO_LAUNCH},
    ),
)
EXERCISE = Exercise("c_memory", draw, checks=CHECKS, mistakes=tuple(mistake), seconds=SECONDS, program=COMPILER)
