"""What the exercises that measure an importance on data have in common: cases, checks, habits that go wrong."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Difference, Excused, Mistake, Mistakes, Slip, Tree, compare, must_hold
from autograder.judging.example import shown
from autograder.judging.exercise import Oracle

from .network import (
    UNCHANGED,
    Array,
    Arrays,
    Factors,
    Slope,
    Spec,
    draw_problem,
    draw_spec,
    example_gradients,
    forward,
    output_jacobian,
    shapes,
)


class View:
    """One task's network and data, as an oracle looks at them."""

    def __init__(self, problem: Tree) -> None:
        self.network = problem["spec"], problem["parameters"], problem["inputs"]
        self.labels: Array = np.asarray(problem["labels"])
        self.outputs: Array = forward(*self.network)
        self.directions: Array | None = problem.get("directions")
        ends = np.cumsum(problem["batch_sizes"])
        self.batches = [slice(end - size, end) for end, size in zip(ends, problem["batch_sizes"], strict=True)]

    def gradients(self, cotangent: Array, factors: Factors = UNCHANGED, slope: Slope | None = None) -> Arrays:
        """Every example's gradient [N, *shape] by name, of a scalar whose derivative at its output is ``cotangent``."""
        return example_gradients(*self.network, cotangent, factors, slope)

    def jacobian(self) -> Arrays:
        """∂f_k(x_n)/∂θ, [K, N, *shape] by name."""
        return output_jacobian(*self.network)


SHORT = 4
"""Entries of a weight that is told."""

Rule = Callable[[View], Arrays]
"""One task → an importance by name."""


def oracle_of(rule: Rule) -> Oracle:
    """What comes out of a rule, right or wrong, for one task or for each of two."""

    def oracle(inputs: Tree) -> Tree:
        if "tasks" not in inputs:
            return {"omega": rule(View(inputs))}
        first, second = (rule(View(task)) for task in inputs["tasks"])
        return {"first": first, "second": second}

    return oracle


def draw_cases(rng: np.random.Generator, extra: Callable[[Spec], Mapping[str, Any]] = lambda spec: {}) -> list[Case]:
    """Networks and data of many kinds, with ``extra`` inputs, such as SCP's directions.

    One batch has more rows than ``example_gradients`` yields at once. What knows ReLU alone loses one check.
    """

    def problem(
        spec: Spec, batch_sizes: tuple[int, ...], dtype: str = "float32", training: bool = True, used: bool = False
    ) -> dict[str, Any]:
        return {**draw_problem(rng, spec, batch_sizes, dtype), **extra(spec), "training": training, "used": used}

    few = int(rng.integers(2, 4))
    small = draw_spec(rng)
    return [
        Case("ones", problem(draw_spec(rng), (1,) * 5)),
        Case("batches", problem(draw_spec(rng), (3, 3, few - 1))),
        Case("single batch", problem(draw_spec(rng), (33 + few,))),
        Case("deep", problem(draw_spec(rng, (4, 6, 5, few), "tanh"), (4, 3))),
        Case("one layer", problem(draw_spec(rng, (3 + few, 4), "identity"), (2, 2, 1))),
        Case("without bias", problem(draw_spec(rng, (3, 5, 3), "sigmoid", bias=False), (2, 3))),
        Case("dropout", problem(draw_spec(rng, (4, 8, 3), dropout=0.5), (1,) * 3)),
        Case("form", problem(draw_spec(rng, (4, 6, 3), dropout=0.5), (1,) * 3, dtype="float64", training=False)),
        Case("used model", problem(draw_spec(rng), (1,) * 3, used=True)),
        Case("two tasks", {"tasks": [problem(small, (1,) * 3), problem(small, (1,) * 2)]}),
    ]


def described(inputs: Tree) -> str:
    """A network of one layer with its data, another by its sizes; nothing of two tasks, or of what is no network."""
    if "spec" not in inputs:
        return ""
    spec, (weight, *others) = inputs["spec"], inputs["parameters"].values()
    if len(others) != 1 or weight.size > SHORT:
        return f"with sizes = {spec['sizes']}, activation = {spec['activation']!r}, batches = {inputs['batch_sizes']}"
    layer = {"W": weight, "b": others[0], "x": inputs["inputs"], "y": inputs["labels"], "ξ": inputs.get("directions")}
    told = [f"{name} = {shown(value)}" for name, value in layer.items() if value is not None]
    return f"with one `Linear`, {', '.join(told)}, batches = {inputs['batch_sizes']}"


def stage_check(
    name: str, title: str, *, share: float, cases: Sequence[str], right: Rule, slips: Sequence[Oracle] = ()
) -> Check:
    """The promise of one stage of an importance: Ω is right up to a positive factor, or but for a slip elsewhere."""

    def complaint(inputs: Tree, outputs: Tree) -> str | None:
        oracles = (oracle_of(right), *slips)
        got = flat(outputs["omega"], inputs)
        shown = any(proportional(got, flat(oracle(inputs)["omega"], inputs)) for oracle in oracles)
        return None if shown else "your Ω does not show it."

    return Check(name, title, share=share, cases=tuple(cases), complaint=complaint, example=oracle_of(right))


def proportional(got: Array, wanted: Array) -> bool:
    """Whether two vectors are equal up to a positive factor."""
    scale = (got * wanted).sum() / ((wanted * wanted).sum() or 1.0)
    return bool(scale > 0 and np.linalg.norm(got - scale * wanted) <= 1e-3 * np.linalg.norm(got))


def arrays(omega: Any, inputs: Tree) -> Arrays:
    """The importances by name in float64; raises what comes of another form."""
    like = shapes(inputs["spec"])
    if any(omega[name].shape != shape or not np.isfinite(omega[name]).all() for name, shape in like.items()):
        raise ValueError("an importance is not finite, or has another shape than its parameter")
    return {name: np.asarray(omega[name], dtype=np.float64) for name in like}


def flat(omega: Any, inputs: Tree) -> Array:
    """All importances, one after the other."""
    return np.concatenate([part.ravel() for part in arrays(omega, inputs).values()])


BATCHED, LEFT = ("batches", "single batch"), ("used model", "form")
ANY_NETWORK = "Any sizes, depth and activation, with and without bias"
UNTOUCHED = "The model and the batches stay as they were"
AFRESH = "Every task is measured afresh, and Ω adds up"


def importance_checks(
    rule: Rule, *stages: Check, value: float = 0.1, any_batch: float = 0.15, any_network: float = 0.15
) -> tuple[Check, ...]:
    """The promises of an importance measured on data, with ``rule`` as the right one, and of its stages."""
    oracle = oracle_of(rule)
    check = partial(Check, expected=oracle)

    def added(inputs: Tree, outputs: Tree) -> str | Difference | Excused | None:
        measured = [outputs["first"], outputs["second"]]
        return both_added([*oracle(inputs).values()], outputs["omega"], measured, outputs["control"])

    return (
        *stages,
        check("value", "The importance, with batches of one example", share=value, cases=("ones",)),
        check("any-batch", "The same Ω for any batch size", share=any_batch, cases=BATCHED),
        check("any-network", ANY_NETWORK, share=any_network, cases=("deep", "one layer", "without bias")),
        check("eval-mode", "Measured in eval mode, without dropout", share=0.05, cases=("dropout",)),
        check("form", "An entry of its own for every parameter", share=0.05, cases=("form",), complaint=malformed),
        check("side-effects", UNTOUCHED, share=0.05, cases=LEFT, complaint=left_behind, needs=("value",)),
        check("two-tasks", AFRESH, share=0.05, cases=("two tasks",), complaint=added, fixed=True),
    )


def malformed(inputs: Tree, outputs: Tree) -> Slip | None:
    """The result is a dict of detached tensors of their own, in the parameters' dtype, one for every name."""
    if outputs["type"] != "dict":
        return Slip("no-dict", "importance should return a dict by parameter name.")
    asked = str(next(iter(inputs["parameters"].values())).dtype)
    for name in shapes(inputs["spec"]):
        entry = outputs["entries"].get(name)
        if entry is None:
            return Slip("no-entry", f"there is no entry {name!r}.")
        if entry["type"] != "Tensor":
            return Slip("no-tensor", f"the entry {name!r} should be a tensor.")
        if entry["dtype"] != asked:
            return Slip("another-dtype", f"the entry {name!r} should be {asked} like its parameter.")
        if entry["detached"] is not True:
            return Slip("not-detached", f"the entry {name!r} still requires grad: detach it.")
        if entry["own"] is not True:
            return Slip("not-own", f"the entry {name!r} shares its memory with the parameter or its .grad: copy it.")
    return None


left_behind = must_hold(
    {
        "keeps_mode": "the model is not in the mode (train or eval) in which it came: put it back.",
        "keeps_gradients": "the parameters' .grad is not as it was: use torch.autograd.grad, or put it back.",
        "keeps_parameters": "the model's parameters have changed.",
        "keeps_buffers": "the model's buffers have changed.",
        "keeps_batches": "the batches, or the directions, have changed: work on copies.",
    }
)
"""Nothing but the result is left of the measurement."""

EXCUSED = "Ω after two tasks is not the sum of their importances, but that is a slip of your `QuadraticPenalty`, which has cost its own share already."


def both_added(right: list[Arrays], omega: Any, measured: Any, control: Any) -> str | Difference | Excused | None:
    """Both importances are right, and Ω is their sum, or else what the student's QuadraticPenalty makes of them.

    So a fault of QuadraticPenalty, an exercise of its own, is not counted a second time here.
    """
    total = {name: value + right[1][name] for name, value in right[0].items()}
    if (wrong := compare(right, measured, 1e-3, "importance")) or compare(total, omega, 1e-3) is None:
        return wrong
    if control is not None and compare(total, control, 1e-3) is None:
        return "Ω after two tasks is not the sum of the two importances."
    excused = control is None or _alike(control, omega)
    return Excused(EXCUSED) if excused else "Ω after two tasks is not what consolidate should make it."


def _alike(control: Any, received: Any) -> bool:
    """Whether a class does to Ω what its QuadraticPenalty does to it, be that as wrong as it may."""
    if not isinstance(control, Mapping) or not isinstance(received, Mapping):
        return type(control) is type(received)
    return control.keys() == received.keys() and all(
        np.allclose(control[name], received[name], rtol=1e-3, atol=1e-6, equal_nan=True) for name in control
    )


def habits(rule: Rule) -> tuple[Mistake, ...]:
    """Mistakes that do not depend on the formula: modes, gradients left behind, results that are not their own."""
    habit = Mistakes(beside=__file__)
    habit.given()
    habit.listed("left-in-eval", lambda inputs: {"keeps_mode": not inputs["training"]})
    habit.listed("left-in-train", lambda inputs: {"keeps_mode": inputs["training"]})
    entry = {"type": "Tensor", "dtype": "float32", "detached": True, "own": True}  # as the probe reports an orderly one
    habit.listed("single-precision", lambda inputs: {"entries": dict.fromkeys(shapes(inputs["spec"]), entry)})
    for count in (None, lambda first, second: second, lambda first, second: first + second):
        habit.listed("accumulates", partial(_accumulated, rule, count))
    return tuple(habit)


def _accumulated(rule: Rule, count: Callable[[int, int], int] | None, inputs: Tree) -> Tree:
    """The second task's importance with the first one's in it: their sums over examples, divided by what is counted, or their means."""
    first, second = (rule(View(task)) for task in inputs["tasks"])
    sizes = [len(task["labels"]) for task in inputs["tasks"]]
    shares = [size / count(*sizes) for size in sizes] if count else (1.0, 1.0)
    return {"second": {name: shares[0] * first[name] + shares[1] * second[name] for name in second}}
