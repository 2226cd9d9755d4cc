"""Scripted training: gradients and steps drawn freely, for the methods that watch every step (SI and RWalk).

A script is a case's inputs. The probe moves a small model by exactly the drawn steps, which have nothing to do with
−lr·g, as under Adam. The oracles replay the same numbers in float64, all parameters flattened into one vector.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.judging import Check, Slip, Tree, must_hold
from autograder.judging.example import shown
from autograder.judging.exercise import Oracle

from .importance import malformed
from .network import Array, Arrays, draw_problem, draw_spec, shapes

FEW = 4
"""Weights whose steps are told one by one."""

Task = tuple[Array, Array]
"""Gradients and steps of one task, [T, *shape] while drawn and [T, P] while replayed."""


def draw_script(
    rng: np.random.Generator,
    tasks: Sequence[Mapping[str, Task]],
    spec: Mapping[str, Any],
    *,
    settings: Mapping[str, float] | None = None,
    dtype: str = "float32",
    reuse: bool = False,
    direct: bool = False,
) -> dict[str, Any]:
    """A case's inputs.

    Args:
        tasks: per task and parameter name, gradients and steps [T, *shape].
        settings: attributes to set on the method after it is made.
        reuse: the engine hands over the same tensors in every step, filled anew, and with junk between the steps.
        direct: read what ``importance`` returns; otherwise call ``consolidate`` and read ``omega``.
    """
    junk = {name: _downhill(rng, shape) for name, shape in shapes(spec).items()}
    return {
        **draw_problem(rng, spec, (2, 2), dtype),
        "tasks": [_apart(task, dtype) for task in tasks],
        "junk": _apart(junk, dtype),
        "settings": dict(settings or {}),
        "strength": float(rng.uniform(0.5, 1.5)),
        "reuse": reuse,
        "direct": direct,
    }


def _downhill(rng: np.random.Generator, shape: tuple[int, ...]) -> Task:
    """A gradient and a step of opposite signs, which lowers the loss."""
    step = rng.uniform(0.1, 0.3, shape) * rng.choice([-1.0, 1.0], shape)
    return rng.uniform(0.3, 1.5, shape) * -np.sign(step), step


def _apart(task: Mapping[str, Task], dtype: str) -> dict[str, Arrays]:
    """Gradients and steps, each by parameter name."""
    return {key: {name: task[name][k].astype(dtype) for name in task} for k, key in enumerate(("gradients", "steps"))}


def draw_small_spec(rng: np.random.Generator) -> dict[str, Any]:
    """Two Linear layers, about thirty parameters in four tensors."""
    return draw_spec(rng, (3, int(rng.integers(4, 6)), 2), "tanh")


def draw_single_spec(rng: np.random.Generator) -> dict[str, Any]:
    """One weight matrix and nothing else, so that "per tensor" and "over all parameters" are the same."""
    return draw_spec(rng, (int(rng.integers(4, 6)), int(rng.integers(5, 8))), "identity", bias=False)


def draw_descent(
    rng: np.random.Generator, shape: tuple[int, ...], steps: Array, *, unit: bool = False, uphill: float = 0.0
) -> Task:
    """Gradients to given steps [T, *shape], opposed to them.

    Args:
        unit: every gradient has magnitude 1, so that any average of g² is 1.
        uphill: the fraction of steps which raise the loss instead.
    """
    size = np.ones(steps.shape) if unit else rng.uniform(0.3, 1.5, steps.shape)
    direction = -np.where(steps == 0, rng.choice([-1.0, 1.0], steps.shape), np.sign(steps))
    return size * direction * np.where(rng.random(steps.shape) < uphill, -1.0, 1.0), steps


def draw_walk(rng: np.random.Generator, count: int, shape: tuple[int, ...], low: float, high: float) -> Array:
    """Steps [T, *shape] of random size in [low, high] and random sign."""
    return np.asarray(rng.uniform(low, high, (count, *shape)) * rng.choice([-1.0, 1.0], (count, *shape)))


def flatten(arrays: Mapping[str, Array], names: Sequence[str], leading: int = 0) -> Array:
    """The arrays one after the other in one float64 vector [P], or [T, P] with one leading axis."""
    parts = [np.asarray(arrays[name], dtype=np.float64) for name in names]
    return np.concatenate([part.reshape(*part.shape[:leading], -1) for part in parts], axis=leading)


def unflatten(vector: Array, like: Mapping[str, tuple[int, ...]]) -> Arrays:
    """The named arrays that ``flatten`` put into the vector [P]."""
    result, start = {}, 0
    for name, shape in like.items():
        size = int(np.prod(shape))
        result[name] = vector[start : start + size].reshape(shape)
        start += size
    return result


def replay(inputs: Tree) -> list[Task]:
    """Every task's gradients and steps as the method meets them, [T, P] each."""
    names = list(shapes(inputs["spec"]))
    return [(flatten(task["gradients"], names, 1), flatten(task["steps"], names, 1)) for task in inputs["tasks"]]


def junk(inputs: Tree) -> Task:
    """What the engine's tensors hold after the last step, [P] each."""
    names = list(shapes(inputs["spec"]))
    return flatten(inputs["junk"]["gradients"], names), flatten(inputs["junk"]["steps"], names)


def start(inputs: Tree) -> Array:
    """The parameters before the first task, [P]."""
    return flatten(inputs["parameters"], list(shapes(inputs["spec"])))


class Method:
    """A method in float64 that watches every step of a script.

    Class attributes are the right formulas and settings; a script's settings, and then a known mistake, replace some.
    """

    def __init__(self, inputs: Tree, **changes: Any) -> None:
        self.inputs = inputs
        vars(self).update({**inputs["settings"], **changes})

    @classmethod
    def reported(cls, inputs: Tree, **changes: Any) -> Tree:
        """The importance, or Ω after each task, that the probe reports of the method, or of one with a mistake."""
        like = shapes(inputs["spec"])
        omegas = [unflatten(omega, like) for omega in cls(inputs, **changes).omegas()]
        if inputs["direct"]:
            return {"importance": omegas[-1]}
        return {f"omega after task {number}": omega for number, omega in enumerate(omegas, 1)}

    @property
    def tensors(self) -> list[slice]:
        """Where in [P] each tensor is."""
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes(self.inputs["spec"]).values()])
        return [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]

    def omegas(self) -> Iterator[Array]:
        """Ω after each task, [P]."""
        raise NotImplementedError


def form_complaint(inputs: Tree, outputs: Tree) -> Slip | None:
    """What is wrong with the form of the last Ω, or with what is left of the model; None when all is well."""
    return malformed(inputs, outputs["form"]) or left_in_order(inputs, outputs)


left_in_order = must_hold(
    {
        "guards": "the class has no `penalty`: let it inherit from QuadraticPenalty.",
        "model unchanged": "the model was changed: its parameters, gradients and mode should stay as they were.",
        "kept": "what importance has returned changes when the next task begins: return new tensors.",
    }
)


def form_checks(oracle: Oracle, copies: float) -> tuple[Check, Check]:
    """The promises about tensors that both methods keep, the first worth so much."""

    def unchanged(inputs: Tree) -> Tree:
        return {**oracle(inputs), "arguments unchanged": True}

    title = "Gradients and steps are neither kept nor changed"
    form = "New detached tensors for every parameter, and nothing else changes"
    return (
        Check("own-copies", title, share=copies, cases=("reused tensors",), expected=unchanged),
        Check("form", form, share=0.05, cases=("form",), expected=oracle, complaint=form_complaint),
    )


def described(inputs: Tree) -> str:
    """Each step of a few weights; of more only how many steps there are."""
    like, tasks = shapes(inputs["spec"]), replay(inputs)
    count = sum(int(np.prod(shape)) for shape in like.values())
    if count > FEW:
        return f"with {' and '.join(str(len(steps)) for _, steps in tasks)} steps of {count} weights"
    told = []
    for number, (gradients, steps) in enumerate(tasks, 1):
        pairs = zip(_labels(like), gradients.T, steps.T, strict=True)
        walks = [
            f"{', '.join(f'({shown(g)}, {shown(d)})' for g, d in zip(*of, strict=True))} of {name}"
            for name, *of in pairs
        ]
        told.append(" and ".join(walks) + f" in task {number}" * (len(tasks) > 1))
    settings = "".join(f"{name} = {shown(value)}, " for name, value in inputs["settings"].items())
    return f"with {settings}steps (g, Δ) = {'; '.join(told)}"


def _labels(like: Mapping[str, tuple[int, ...]]) -> list[str]:
    """A name for every single weight."""
    sizes = {name: int(np.prod(shape)) for name, shape in like.items()}
    return [name + (f"[{at}]" if size > 1 else "") for name, size in sizes.items() for at in range(size)]
