"""What the exercises in CUDA C share: the program they need, the check that nothing was found, and named findings."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Mistakes, Tree
from autograder.judging.example import shown
from autograder.judging.exercise import Oracle

Complaint = Callable[[Tree, Tree], str | None]
Draw = Callable[[np.random.Generator], list[Case]]

KINDS: dict[str, tuple[str, str]] = tomllib.loads(Path(__file__).with_name("c_faults.toml").read_text(encoding="utf-8"))
"""By kind of finding: the mistake's name, and what the student is told."""

OTHER = "other", "Something that no program may do was found; `run_cuda` of your program says what, and where."
LEFT = "The program ended before your function came back: a function returns, and leaves `exit` to main."

IN_CALLS = ("bounds in a call", "array too small", *"host-pointer device-pointer direction free freed null".split())
"""What a host function does wrong with memory."""


def observed(
    name: str, title: str, *, share: float, cases: Sequence[str], complaint: Complaint, needs: Sequence[str]
) -> Check:
    """The promise that a run had a property, in sentences of its own."""
    return Check(name, title, share=share, cases=tuple(cases), needs=tuple(needs), complaint=complaint, fixed=True)


def clean(name: str, title: str, *, share: float, cases: Sequence[str], needs: Sequence[str]) -> Check:
    """The promise that a run showed no fault."""
    return observed(name, title, share=share, cases=cases, complaint=faults, needs=needs)


def said(kind: str) -> str:
    """What the student is told of a finding."""
    return KINDS.get(kind, OTHER)[1]


def faults(inputs: Tree, outputs: Tree) -> str | None:
    """All that was found in a run."""
    kinds = outputs["faults"]
    if isinstance(kinds, list) and not kinds:
        return None
    told = " ".join(map(said, kinds)) or OTHER[1]
    return f"Called twice, with different n: {told}" if inputs.get("before") else told


def stopped(inputs: Tree, outputs: Tree) -> str | None:
    """What ended a run before it had a result."""
    return None if "result" in outputs or "code" in outputs else faults(inputs, outputs) or LEFT


ran = partial(Check, complaint=stopped)


def called(inputs: Tree) -> str:
    """A case as a student would see it: what the function gets, and whether it has been called before."""
    *given, last = (name for name, value in inputs.items() if isinstance(value, np.ndarray))
    told = [f"{name} = {shown(inputs[name])}" for name in given]
    before = [f"after a call with n = {inputs['before']}"] if inputs["before"] else []
    return ", ".join([f"with n = {len(inputs[last])}", *told, *before])


def where(holds: Callable[[Tree], Any], **outputs: Any) -> Oracle:
    """The oracle of a mistake that shows where something holds of the inputs."""
    return lambda inputs: outputs if holds(inputs) else {}


def found(*kinds: str, checks: tuple[str, ...], sizes: Sequence[int] = (0,), array: str = "x") -> Iterator[Mistake]:
    """A mistake for every kind of finding: it shows in every case whose array is longer than one of the sizes."""
    for kind, size in product(kinds, sizes):
        long = where(lambda inputs, size=size: len(inputs[array]) > size, faults=[kind])
        yield Mistake(*KINDS[kind], long, checks)


def program_exercise(name: str, draw: Draw, checks: tuple[Check, ...], mistakes: Mistakes, **more: Any) -> Exercise:
    """An exercise whose answer is a program."""
    return Exercise(name, draw, checks, seconds=60.0, program="g++", **mistakes.known, **more)
