"""Judge ``c_memory``: a host function that brings data to the device and back, and looks at every return code."""

from __future__ import annotations

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

from .c_faults import COMPILER, SECONDS, clean, found_mistakes

PLENTY = 1 << 22
OUT_OF_MEMORY, NO_LAUNCH = 2, 9
SIZES = ("127", "128", "drawn")
POOR = ("no room", "room for one", "room for two")


def draw(rng: np.random.Generator) -> list[Case]:
    """Some sizes on a device with plenty of room, and a device with room for none, one or two of the arrays."""
    large = int(rng.integers(1100, 3000))
    sizes = {"127": 127, "128": 128, "drawn": large}
    cases = [_case(rng, name, n, PLENTY) for name, n in sizes.items()]
    for rooms, name in enumerate(POOR):
        n = int(rng.integers(200, 300))
        cases.append(_case(rng, name, n, rooms * n * 4 + n))
    return [*cases, _case(rng, "no launch", 200, PLENTY, launches=False)]


def _case(rng: np.random.Generator, name: str, n: int, device_bytes: int, launches: bool = True) -> Case:
    arrays = {key: (rng.integers(-800, 800, n) / 8).astype(np.float32) for key in ("x", "y")}
    z = np.full(n, -float(rng.integers(1000, 2000)), dtype=np.float32)
    return Case(name, {**arrays, "z": z, "device_bytes": int(device_bytes), "launches": launches})


def _means(inputs: Tree) -> np.ndarray:
    return (np.asarray(inputs["x"], dtype=np.float64) + np.asarray(inputs["y"], dtype=np.float64)) / 2


def _a_quarter(inputs: Tree) -> Tree:
    """The means where only n bytes are copied back."""
    n = len(inputs["x"])
    means, before = _means(inputs).astype(np.float32).tobytes(), np.asarray(inputs["z"]).tobytes()
    return {"result": np.frombuffer(means[:n] + before[n:], dtype=np.float32)}


RESULT = ("result",)
FAILING = ("allocation", "launch")
MISTAKES = (
    Mistake(
        "on-the-host",
        "The means are right, but the host has made them: let a kernel do it, and copy its results back.",
        lambda inputs: {"result": _means(inputs), "on_device": False},
        checks=RESULT,
    ),
    Mistake(
        "no-copy-back",
        "z is as it was: the means are still on the device. Copy them back.",
        lambda inputs: {"result": np.asarray(inputs["z"])},
        checks=RESULT,
    ),
    Mistake(
        "copies-elements",
        "Only a quarter of the elements comes through: cudaMemcpy counts bytes, n * sizeof(float).",
        _a_quarter,
        checks=RESULT,
    ),
    *found_mistakes(
        RESULT,
        (
            "bounds in a kernel",
            "bounds in a call",
            "host-pointer",
            "device-pointer",
            "direction",
            "free",
            "freed",
            "null",
        ),
        sizes=(0, 127, 128),
    ),
    *found_mistakes(("frees",), ("leak", "host-leak")),
    Mistake(
        "unchecked-allocation",
        "Where cudaMalloc fails, your function goes on with a null pointer: look at the code that it returns, and return it.",
        lambda inputs: {"faults": ["null"]},
        checks=("allocation",),
    ),
    Mistake(
        "success-after-failure",
        "Where cudaMalloc fails, your function returns cudaSuccess: return the code that came from cudaMalloc.",
        lambda inputs: {"code": 0, "result": np.asarray(inputs["z"])},
        checks=("allocation",),
    ),
    Mistake(
        "leak-on-failure",
        "Where a later cudaMalloc fails, what the earlier ones gave is never given back: free it on every way out.",
        lambda inputs: {"faults": ["leak"] if inputs["device_bytes"] > 4 * len(inputs["x"]) else []},
        checks=("frees-on-failure",),
    ),
    Mistake(
        "unchecked-launch",
        "A launch returns nothing, and where it fails your function says cudaSuccess: ask cudaGetLastError() right after it.",
        lambda inputs: {"code": 0},
        checks=("launch",),
    ),
)

EXERCISE = Exercise(
    id="c_memory",
    draw=draw,
    checks=(
        Check(
            "result",
            "The means, and cudaSuccess",
            share=0.35,
            cases=SIZES,
            expected=lambda inputs: {"code": 0, "result": _means(inputs), "on_device": True},
        ),
        clean("frees", "What is allocated is given back", 0.15, SIZES, RESULT),
        Check(
            "allocation",
            "A device without enough memory: cudaMalloc's code comes back",
            share=0.2,
            cases=POOR,
            expected=lambda inputs: {"code": OUT_OF_MEMORY},
            needs=RESULT,
        ),
        clean(
            "frees-on-failure", "… and what was allocated before is given back", 0.15, POOR, ("result", "allocation")
        ),
        Check(
            "launch",
            "A launch that fails: its code comes back",
            share=0.15,
            cases=("no launch",),
            expected=lambda inputs: {"code": NO_LAUNCH},
            needs=RESULT,
        ),
    ),
    mistakes=MISTAKES,
    seconds=SECONDS,
    program=COMPILER,
)
