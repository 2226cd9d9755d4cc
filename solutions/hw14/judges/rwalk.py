"""Judge ``rwalk``: Riemannian walk (Chaudhry, Dokania, Ajanthan and Torr 2018), scored after the Fisher update."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Tree

from . import scripted
from .importance import arrays, proportional
from .network import Array, shapes
from .rwalk_oracles import RWalk, mistake

oracle = RWalk.reported


def anchored(inputs: Tree) -> dict[str, Any]:
    """θ* after the last task."""
    end = scripted.start(inputs) + sum(steps.sum(axis=0) for _, steps in scripted.replay(inputs))
    return {**oracle(inputs), "anchor": scripted.unflatten(end, shapes(inputs["spec"]))}


def finite(inputs: Tree) -> dict[str, Any]:
    """Ω, without NaN."""
    return {**oracle(inputs), "finite": True}


def up_to_scale(inputs: Tree, outputs: Tree, relevant: Callable[[Array, Array], Array]) -> str | None:
    """Whether the relevant part of the only tensor is right up to a factor.

    So an Ω that is not normalised loses the normalisation's points alone.
    """
    (name,), key = inputs["parameters"], "omega after task 1"
    moved = inputs["tasks"][0]["steps"][name].any(axis=0)
    got, right = (relevant(arrays(tree[key], inputs)[name], moved) for tree in (outputs, oracle(inputs)))
    return None if proportional(got, right) else "your Ω does not show it."


def fisher(inputs: Tree, outputs: Tree) -> str | None:
    """F shows alone in the parameters that never moved: their score is 0."""
    return up_to_scale(inputs, outputs, lambda omega, moved: omega[~moved])


def score(inputs: Tree, outputs: Tree) -> str | None:
    """With g² = 1 everywhere F is 1: what a moved parameter has above the one that never moved is its score."""
    return up_to_scale(inputs, outputs, lambda omega, moved: omega[moved] - omega[~moved].mean())


def draw(rng: np.random.Generator) -> list[Case]:
    """One case per check: what is not checked is kept from mattering, so that each mistake costs its own check."""

    def single(walk: Callable[[tuple[int, ...]], scripted.Task], **options: Any) -> dict[str, Any]:
        spec = scripted.draw_single_spec(rng)
        task = {name: walk(shape) for name, shape in shapes(spec).items()}
        return scripted.draw_script(rng, [task], spec, **options)

    def several(
        counts: tuple[int, ...],
        uphill: float = 0.0,
        still: bool = False,
        slope: float = 1.0,
        settings: Mapping[str, float] | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Two layers; every tensor has gradients of another size, about ``slope``.

        Where nothing moves, half of the first gradients are 0, the others large; with other settings all are, and the
        first weight always goes a step and back.
        """
        spec = scripted.draw_small_spec(rng)
        sizes = dict(zip(shapes(spec), slope * rng.permutation([0.5, 1.0, 1.7, 3.0]), strict=True))
        tasks = []
        for count in counts:
            task = {}
            for name, shape in shapes(spec).items():
                walk = scripted.draw_walk(rng, count, shape, 0.005, 0.03) * (0.0 if still else 1.0)
                if settings:
                    one = walk.reshape(count, -1)[:, 0]
                    one[1::2] = -one[: count // 2 * 2 : 2]
                gradients, steps = scripted.draw_descent(rng, shape, walk, uphill=uphill)
                if still or settings:
                    gradients[0] *= 6.0 * (rng.random(shape) < (0.5 if still else 1.0))
                task[name] = (gradients * sizes[name], steps)
            tasks.append(task)
        return scripted.draw_script(rng, tasks, spec, settings=settings, **options)

    def nearly_still(shape: tuple[int, ...]) -> scripted.Task:
        """Three steps of one weight, whose gradient is small; the first gradients are the largest."""
        walk = np.zeros((3, *shape))
        walk[:, 0, 0] = rng.uniform(0.01, 0.03, 3)
        gradients, steps = scripted.draw_descent(rng, shape, walk)
        gradients[0] *= rng.uniform(2.0, 6.0, shape)
        gradients[:, 0, 0] *= 0.2
        return gradients, steps

    def unit(count: int, shape: tuple[int, ...], uphill: float = 0.0) -> scripted.Task:
        """All gradients are ±1, and one weight stays where it is."""
        steps = scripted.draw_walk(rng, count, shape, 0.005, 0.03)
        steps[:, 0, 0] = 0.0
        return scripted.draw_descent(rng, shape, steps, unit=True, uphill=uphill)

    settings = {
        "alpha": float(rng.uniform(0.3, 0.6)),
        "interval": int(rng.choice([4, 6])),
        "epsilon": float(rng.choice([0.01, 0.03])),
    }
    return [
        Case("nearly still", single(nearly_still)),
        Case("two intervals", single(partial(unit, 2 * RWalk.interval))),
        Case("an interval and a bit", single(partial(unit, RWalk.interval + int(rng.integers(3, 8))))),
        Case("hilly", single(partial(unit, 2 * RWalk.interval, uphill=0.5))),
        Case("four tensors", several((2 * RWalk.interval,))),
        Case("no step moves", several((2,), still=True)),
        Case("two tasks", several((RWalk.interval + 4, 1))),
        Case("three tasks", several((13, 9, 1), uphill=0.3)),
        Case("other settings", several((11,), settings=settings)),
        Case("reused tensors", several((RWalk.interval,), reuse=True)),
        Case("form", several((RWalk.interval,), slope=0.1, dtype="float64")),  # so that max F is below 1
    ]


check, shown = partial(Check, expected=oracle), partial(Check, example=oracle)

AVERAGE = "F is a moving average of g² which begins at the first g²"
SCORED = "Every `interval` steps ω is scored against ½ F d² + ε, then ω and d begin anew"
REST = "An unfinished interval is scored at the task's end"
NORMALISED = "Ω = F/max F + s/max s, maxima over all parameters together"
NO_SCORE = "Where the largest score is 0, Ω is F/max F alone"
AGAIN = "The same for every further task, a short one too"
SETTINGS = "`alpha`, `interval` and `epsilon` are read from the method"
CHECKS = (
    shown("fisher-average", AVERAGE, share=0.15, cases=("nearly still",), complaint=fisher),
    shown("intervals", SCORED, share=0.2, cases=("two intervals",), complaint=score),
    shown("unfinished-interval", REST, share=0.1, cases=("an interval and a bit",), complaint=score),
    shown("clamp", "An interval in which the loss rose scores 0", share=0.1, cases=("hilly",), complaint=score),
    check("normalisation", NORMALISED, share=0.1, cases=("four tensors",)),
    Check("zero-score", NO_SCORE, share=0.05, cases=("no step moves",), expected=finite),
    check("second-task", "F carries on, the scores are averaged, Ω is replaced", share=0.1, cases=("two tasks",)),
    Check("three-tasks", AGAIN, share=0.05, cases=("three tasks",), expected=anchored),
    check("settings", SETTINGS, share=0.05, cases=("other settings",)),
    *scripted.form_checks(oracle, copies=0.05),
)

EXERCISE = Exercise("rwalk", draw, CHECKS, **mistake.known, described=scripted.described)
