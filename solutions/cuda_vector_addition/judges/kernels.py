"""A kernel: what it leaves in memory, what may be wrong of that, and what is promised of it."""

from collections.abc import Callable, Iterable, Mapping
from inspect import signature
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree, compare
from autograder.judging.example import FEW, shown

from .launches import ADDRESSES, OUTPUT, RUNS, STEP, WOVEN, Array, Launch, across, along, down

Complaint = Callable[[Tree, Tree], str | None]
Draw = Callable[[np.random.Generator], list[Case]]

BEYOND = "What is written is right, but a thread goes for a cell beyond the end of an array, which on a GPU may end the program: ask whether the cell is yours before you read it."
LONE = "What is written is right, but some threads of a block come to a barrier that others never reach, where on a GPU the block hangs. Threads that do not work together need no syncthreads()."
FAULTS = {"beyond": Slip("reads-beyond", BEYOND), "divergent": Slip("lone-barrier", LONE)}
"""By what the simulator sees: mistakes of a kernel that leaves behind what it should."""


def written_twice(inputs: Tree, *, side: str) -> Tree:
    """What is seen where threads or blocks write the same cell, if there are several."""
    return {"twice": True} if max(inputs[side]) > 1 else {}


def seen(inputs: Tree, outputs: Tree) -> Tree:
    """What came back, and the parts of all memories in it."""
    parts = [Launch(inputs).parts(outputs[key], key) for key in (OUTPUT, WOVEN, STEP) if key in outputs]
    return {**outputs, **{name: cells for each in parts for name, cells in each.items()}}


def launched(inputs: Tree) -> str:
    """A case as a student would write it: the launch, its numbers, and the arrays that are short."""
    sides = [str(side[0] if len(side) == 1 else tuple(side)) for side in (inputs["grid"], inputs["block"])]
    given = {name: value for name, value in inputs.items() if isinstance(value, int | float) and name != "sentinel"}
    given |= {name: value for name, value in inputs.items() if isinstance(value, np.ndarray) and value.size <= FEW}
    told = [f"{name} = {shown(value)}" for name, value in given.items()]
    return ", ".join([f"launched with `[{', '.join(sides)}]`", *told])


def memories(outputs: Tree, shape: tuple[int, ...]) -> list[Array]:
    """What is in memory after each run; a ValueError where it has another shape, and nothing larger is looked at."""
    if (outputs[OUTPUT].shape, outputs[WOVEN].shape) != (shape, (RUNS, *shape)):
        raise ValueError("what is in memory has another shape")
    return [outputs[OUTPUT], *outputs[WOVEN]]


class Kernel:
    """A kernel: what it leaves in memory, what may be wrong of that, and what is promised of it.

    Args:
        memory: a launch, and stages of the kernel by name, those that are wrong → the memory that it leaves.
        mistakes: those of the exercise.
        checks: those that the kernel's mistakes can explain.
        axes: of its launches.
        sizes: the right stage for the sizes that it is given, by their names; it returns them.
        faults: by what the simulator sees, mistakes that do not show in memory.

    Attributes:
        wrong: adds mistakes in its stages, its own or its launch's.
    """

    def __init__(
        self,
        memory: Callable[..., Array],
        mistakes: Mistakes,
        *checks: str,
        axes: int = 1,
        sizes: Callable[..., Any] = lambda: (),
        faults: Mapping[str, Slip] = FAULTS,
    ) -> None:
        self.memory, self._given, self._faults = memory, tuple(signature(sizes).parameters), faults
        self._mistakes, self._checks, self._axes = mistakes, checks, axes
        self.wrong = mistakes.group(*checks).stages(self.left)

    def left(self, inputs: Tree, **stages: Any) -> Tree:
        """What it leaves behind; some of its stages may be others, or its launch's."""
        own = signature(self.memory).parameters
        launch = Launch(inputs, given=self._given, **{name: stages[name] for name in stages if name not in own})
        return launch.parts(self.memory(launch, **{name: stages[name] for name in stages if name in own}))

    def shared(self, known: Iterable[str] = ()) -> None:
        """Add what may be wrong of any kernel: the threads' indices, and how results are written; some are in a bank."""
        said = Mistakes(checks=self._checks, beside=__file__)
        wrong = said.stages(self.left)
        wrong.each("along", ADDRESSES)
        wrong("adds-to-old", store=lambda old, new: old + new)
        wrong("rest-zeroed", rest=lambda launch: True)
        wrong("first-block-alone", works=lambda launch: (launch.bx == 0) & (launch.by == 0))
        wrong("first-thread-alone", works=lambda launch: (launch.tx == 0) & (launch.ty == 0))
        if self._axes == 1:
            wrong("reads-by-thread", reads=ADDRESSES["thread-only"])
            wrong("writes-by-thread", writes=ADDRESSES["thread-only"])
            wrong("rest-zeroed", rest=lambda launch: launch.written < launch.shape[0])
        said.listed("nothing-written", lambda inputs: Launch(inputs).parts(Launch(inputs).before))
        self._mistakes.add(*(each for each in said.variants if each.name in known))
        self._mistakes.variants += [each for each in said.variants if each.name not in known]
        self.wrong.formulas(along=along, **({"across": across, "down": down} if self._axes > 1 else {}))

    def check(self, name: str, title: str, *, cases: Iterable[str], tolerance: float = 1e-6, **more: Any) -> Check:
        """The promise to leave behind what it does, whatever the order of the threads, with no fault seen."""

        def expected(inputs: Tree) -> Tree:
            launch = Launch(inputs)
            right = self.memory(launch)
            return {**launch.parts(right), **launch.parts(np.stack([right] * RUNS), WOVEN)}

        def faulty(inputs: Tree, outputs: Tree) -> Slip | None:
            slip = next((slip for seen, slip in self._faults.items() if outputs[seen]), None)
            return None if slip and compare(expected(inputs), outputs, tolerance) else slip

        more = {"complaint": faulty, **more}
        return Check(name, title, cases=tuple(cases), expected=expected, tolerance=tolerance, **more)

    def stage(self, name: str, title: str, share: float, cases: Iterable[str], complaint: Complaint) -> Check:
        """A promise of a part of what it does, whatever becomes of the rest."""
        return Check(name, title, share=share, cases=tuple(cases), complaint=complaint, example=self.left)

    def stages(
        self,
        values: tuple[str, float, Iterable[str]],
        cells: tuple[str, float, Iterable[str]],
        *,
        terms: Callable[[Launch], list[Array]],
        sensible: Callable[[Array], Any] = lambda factors: factors[0] > 0.1,
        rounded: float = 1e-3,
    ) -> tuple[Check, Check]:
        """What threads write is right where it is theirs; and exactly those cells are written, each by one thread.

        Args:
            values, cells: title, share and cases of both promises.
            terms: the arrays of which what is written may be a sum, each times a factor, plus what was there, and a constant.
            sensible: whether factors of the terms are such as a slip in the formula leaves.
            rounded: how far off a number may be of which only its cell matters.
        """

        def wrong_values(inputs: Tree, outputs: Tree) -> str | None:
            before, right = Launch(inputs).before, self.memory(Launch(inputs))
            for memory in memories(outputs, right.shape):
                written = (memory != before) & (right != before)
                if not written.any() or not np.allclose(memory[written], right[written], rtol=1e-5, atol=1e-5):
                    return "what is written there is not right."
            return None

        def wrong_cells(inputs: Tree, outputs: Tree) -> str | None:
            if outputs["twice"]:
                return "several threads write the same cell; each cell has one thread of its own."
            launch = Launch(inputs)
            before = launch.before
            own = np.isnan(self.memory(Launch(inputs, store=lambda old, new: np.nan * new)))
            table = np.stack([*(each[own] for each in (*terms(launch), before)), np.ones(own.sum())], axis=1)
            for memory in memories(outputs, own.shape):
                factors = np.linalg.lstsq(table, memory[own].astype(np.float64), rcond=None)[0]
                fits = np.allclose(table @ factors, memory[own], rtol=1e-3, atol=rounded) and sensible(factors)
                if len(table) <= table.shape[1]:  # of one cell anything is a sum of terms
                    fits = (memory != before)[own].all()
                if not fits or (memory != before)[~own].any():
                    return "some cells are not written that should be, or others are, or not with what was given."
            return None

        return self.stage("values", *values, wrong_values), self.stage("cells", *cells, wrong_cells)

    def exercise(self, name: str, draw: Draw, checks: tuple[Check, ...], *, seconds: float = 20.0) -> Exercise:
        """The exercise whose answer is what kernels leave in memory."""
        return Exercise(name, draw, checks, seconds=seconds, read=seen, described=launched, **self._mistakes.known)
