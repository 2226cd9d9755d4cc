"""What the exercises that measure an importance on data have in common: cases, checks, and a view for "
"their oracles."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Mistake, Tree, compare
from .network import (
    Array,
    Arrays,
    Spec,
    draw_problem,
    draw_spec,
    example_gradients,
    forward,
    shapes,
)


class View:
    """One task's network and data, as an oracle looks at them."""

    def __init__(self, problem: Tree) -> None:
        self.spec: Spec = problem["spec"]
        self.labels: Array = np.asarray(problem["labels"])
        self.outputs: Array = forward(self.spec, problem["parameters"], problem["inputs"]).output
        self.directions: Array | None = problem.get("directions")
        self.problem = problem
        ends = np.cumsum(problem["batch_sizes"])
        self.batches: list[slice] = [
            slice(end - size, end) for end, size in zip(ends, problem["batch_sizes"], strict=True)
        ]

    def gradients(self, cotangent: Array) -> Arrays:
        """Every example's gradient [N, *shape] by name, of a scalar whose derivative at its output is "
        "``cotangent`` [N, K]."""
        return example_gradients(self.spec, self.problem["parameters"], self.problem["inputs"], cotangent)


Rule = Callable[[View], Arrays]
"""One task → an importance by name."""


def draw_cases(rng: np.random.Generator, extra: Callable[[Spec], Mapping[str, Any]] = lambda spec: {}) -> list[Case]:
    """Networks and data of many kinds.

    Args:
        extra: further inputs for a network of that spec, e.g. SCP's directions.
    """

    def problem(
        spec: Spec, batch_sizes: Sequence[int], dtype: str = "float32", training: bool = True, gradients: bool = False
    ) -> dict[str, Any]:
        drawn = draw_problem(rng, spec, sum(batch_sizes), tuple(batch_sizes), dtype)
        return {**drawn, **extra(spec), "training": training, "gradients": gradients}

    few = int(rng.integers(2, 4))
    small = draw_spec(rng)
    names = list(shapes(small))
    frozen = draw_spec(rng, frozen=(names[int(rng.integers(len(names)))],), spare=True)
    return [
        Case("ones", problem(draw_spec(rng), (1,) * 5)),
        Case("batches", problem(draw_spec(rng, activation="relu"), (3, 3, few - 1))),
        Case("single batch", problem(draw_spec(rng), (5 + few,))),
        Case("deep", problem(draw_spec(rng, (4, 6, 5, few), str(rng.choice(["relu", "tanh"]))), (4, 3))),
        Case("one layer", problem(draw_spec(rng, (3 + few, 4), "identity"), (2, 2, 1))),
        Case("without bias", problem(draw_spec(rng, (3, 5, 3), "identity", bias=False), (2, 3))),
        Case("dropout", problem(draw_spec(rng, (4, 8, 3), "relu", dropout=0.5), (1,) * 4)),
        Case("form", problem(frozen, (1,) * 4, dtype="float64")),
        Case("train mode", problem(draw_spec(rng), (1,) * 3, training=True, gradients=True)),
        Case("eval mode", problem(draw_spec(rng), (1,) * 3, training=False)),
        Case("two tasks", {"tasks": [problem(small, (1,) * 4), problem(small, (1,) * 3)]}),
    ]


def importance_checks(rule: Rule) -> tuple[Check, ...]:
    """The promises of an importance measured on data, with ``rule`` as the right one."""

    def one(inputs: Tree) -> Tree:
        return {"omega": rule(View(inputs))}

    def two(inputs: Tree) -> Tree:
        first, second = (rule(View(task)) for task in inputs["tasks"])
        return {"first": first, "second": second}

    def not_added(inputs: Tree, outputs: Tree) -> str | None:
        return _not_added(two(inputs), outputs)

    return (
        Check("value", "The importance, with batches of one example", share=0.25, cases=("ones",), expected=one),
        Check("any-batch", "The same Ω for any batch size", share=0.4, cases=("batches", "single batch"), expected=one),
        Check(
            "any-network",
            "Any sizes, depth and activation, with and without bias",
            share=0.1,
            cases=("deep", "one layer", "without bias"),
            expected=one,
        ),
        Check("eval-mode", "Measured in eval mode, without dropout", share=0.05, cases=("dropout",), expected=one),
        Check(
            "form",
            "An entry of its own for every parameter, frozen and unused ones included",
            share=0.05,
            cases=("form",),
            expected=one,
            complaint=malformed,
        ),
        Check(
            "side-effects",
            "The model and the batches stay as they were",
            share=0.1,
            cases=("train mode", "eval mode"),
            expected=one,
            complaint=left_behind,
            fixed=True,
            needs=("value",),
        ),
        Check(
            "two-tasks",
            "Every task is measured afresh, and Ω adds up",
            share=0.05,
            cases=("two tasks",),
            expected=two,
            complaint=not_added,
            fixed=True,
        ),
    )


def malformed(inputs: Tree, outputs: Tree) -> str | None:
    """The result is a dict of detached tensors of their own, in the parameters' dtype, one for every name."""
    if outputs["type"] != "dict":
        return f"the result should be a dict by parameter name, but is a {str(outputs['type'])[:40]}."
    asked = str(next(iter(inputs["parameters"].values())).dtype)
    for name in shapes(inputs["spec"]):
        entry = outputs["entries"].get(name)
        if entry is None:
            return f"there is no entry {name!r}; frozen and unused parameters have importance 0."
        if entry["type"] != "Tensor":
            return f"the entry {name!r} should be a tensor, but is a {str(entry['type'])[:40]}."
        if entry["dtype"] != asked:
            return f"the entry {name!r} should be {asked} like its parameter, but is {str(entry['dtype'])[:40]}."
        if entry["detached"] is not True:
            return f"the entry {name!r} still requires grad: detach it."
        if entry["own"] is not True:
            return f"the entry {name!r} shares its memory with the parameter or its .grad: copy it."
    return None


KEPT = {
    "keeps_mode": "the model is not in the mode (train or eval) in which it came: put it back.",
    "keeps_gradients": "the parameters' .grad is not as it was: use torch.autograd.grad, or put it back.",
    "keeps_parameters": "the model's parameters have changed.",
    "keeps_buffers": "the model's buffers have changed.",
    "keeps_batches": "the batches have changed: work on copies.",
}


def left_behind(inputs: Tree, outputs: Tree) -> str | None:
    """Nothing but the result is left of the measurement."""
    for key, text in KEPT.items():
        if outputs[key] is not True:
            return text
    return None


def _not_added(measured: Tree, outputs: Tree) -> str | None:
    """Ω after two tasks is the sum of both importances, or else what the student's QuadraticPenalty makes of them.

    So a fault of QuadraticPenalty, an exercise of its own, is not counted a second time here.
    """
    first, second = measured["first"], measured["second"]
    total = {"omega": {name: first[name] + second[name] for name in first}}
    if compare(total, outputs, 1e-3) is None:
        return None
    control = outputs["control"]
    if control is None and outputs["omega"] is None:
        return None
    if control is not None and compare(total, {"omega": control}, 1e-3) is not None:
        return (
            None if _alike(control, outputs["omega"]) else "Ω after two tasks is not what consolidate should make it."
        )
    return "Ω after two tasks is not the sum of the two importances."


def _alike(control: Any, received: Any) -> bool:
    """Whether a class does to Ω what its QuadraticPenalty does to it, be that as wrong as it may."""
    if not isinstance(control, Mapping) or not isinstance(received, Mapping):
        return type(control) is type(received)
    return control.keys() == received.keys() and all(
        np.allclose(control[name], received[name], rtol=1e-3, atol=1e-6, equal_nan=True) for name in control
    )


def mistake(name: str, message: str, rule: Rule, checks: tuple[str, ...] = ()) -> Mistake:
    """A mistake whose rule replaces the right one, in every task."""

    def expected(inputs: Tree) -> Tree:
        if "tasks" not in inputs:
            return {"omega": rule(View(inputs))}
        first, second = (rule(View(task)) for task in inputs["tasks"])
        return {"first": first, "second": second}

    return Mistake(name, message, expected, checks)


def fact(name: str, message: str, key: str, value: Any, check: str) -> Mistake:
    """A mistake that one reported fact gives away."""
    return Mistake(name, message, lambda inputs: {key: value}, (check,))


Elementwise = Callable[[Array], Array]


def mean_over_examples(gradients: Arrays, f: Elementwise) -> Arrays:
    """(1/N) Σ_n f(g_n)."""
    return {name: f(g).mean(axis=0) for name, g in gradients.items()}


def reductions(f: Elementwise, gradients: Callable[[View], Arrays]) -> dict[str, list[Rule]]:
    """Wrong ways of reducing the examples' gradients with f (a square, a modulus), by mistake; each in its variants.

    The right one is (1/N) Σ_n f(g_n).
    """

    def each(reduce: Callable[[Array, list[slice]], Array]) -> Rule:
        return lambda view: {name: reduce(g, view.batches) for name, g in gradients(view).items()}

    def over_batches(inner: Callable[[Array], Array], weight: Callable[[list[slice], Array], float]) -> Rule:
        return each(lambda g, batches: np.sum([f(inner(g[b])) for b in batches], axis=0) * weight(batches, g))

    def mean(g: Array) -> Array:
        return np.asarray(g.mean(axis=0))

    def total(g: Array) -> Array:
        return np.asarray(g.sum(axis=0))

    def cumulated(g: Array, batches: list[slice]) -> Array:
        return np.asarray(f(np.cumsum([mean(g[b]) for b in batches], axis=0)))

    return {
        "batch-mean": [
            over_batches(mean, lambda batches, g: 1 / len(batches)),
            over_batches(mean, lambda batches, g: 1 / len(g)),
            over_batches(mean, lambda batches, g: 1.0),
            each(lambda g, batches: np.sum([f(mean(g[b])) * len(g[b]) for b in batches], axis=0) / len(g)),
        ],
        "batch-sum": [
            over_batches(total, lambda batches, g: 1 / len(g)),
            over_batches(total, lambda batches, g: 1 / len(batches)),
        ],
        "mean-gradient": [each(lambda g, batches: f(mean(g))), each(lambda g, batches: f(total(g)) / len(g))],
        "sum": [each(lambda g, batches: total(f(g)))],
        "divided-by-batches": [each(lambda g, batches: total(f(g)) / len(batches))],
        "mean-of-batch-means": [each(lambda g, batches: np.mean([mean(f(g[b])) for b in batches], axis=0))],
        "never-zeroed": [
            each(lambda g, batches: mean(f(np.cumsum(g, axis=0)))),
            each(lambda g, batches: mean(cumulated(g, batches))),
            each(lambda g, batches: total(cumulated(g, batches)) / len(g)),
        ],
        "last-only": [
            each(lambda g, batches: f(g[-1])),
            each(lambda g, batches: f(g[-1]) / len(g)),
            each(lambda g, batches: mean(f(g[batches[-1]]))),
            each(lambda g, batches: total(f(g[batches[-1]])) / len(g)),
            each(lambda g, batches: f(mean(g[batches[-1]]))),
            each(lambda g, batches: f(mean(g[batches[-1]])) / len(batches)),
        ],
        "first-only": [
            each(lambda g, batches: mean(f(g[batches[0]]))),
            each(lambda g, batches: f(mean(g[batches[0]]))),
        ],
    }


def accumulates(rule: Rule, message: str) -> tuple[Mistake, ...]:
    """The importance of the second task still holds the first one's."""

    def added(weighted: bool) -> Callable[[Tree], Tree]:
        def expected(inputs: Tree) -> Tree:
            first, second = (rule(View(task)) for task in inputs["tasks"])
            sizes = [len(task["labels"]) for task in inputs["tasks"]]
            share = sizes[0] / sizes[1] if weighted else 1.0
            return {"second": {name: second[name] + share * first[name] for name in second}}

        return expected

    return tuple(Mistake("accumulates", message, added(weighted), ("two-tasks",)) for weighted in (False, True))


def habits(rule: Rule) -> tuple[Mistake, ...]:
    """Mistakes that do not depend on the formula: modes, gradients left behind, results that are not their own."""
    return (
        fact(
            "training-mode",
            "You measure in training mode, so dropout disturbs the importance: call `model.eval()` first, and put the mode back at the end.",
            "trained",
            True,
            "eval-mode",
        ),
        Mistake(
            "left-in-eval",
            "You leave the model in eval mode: remember `model.training` and put it back with `model.train(was_training)`.",
            lambda inputs: {"keeps_mode": not inputs["training"]},
            ("side-effects",),
        ),
        Mistake(
            "left-in-train",
            "You always end with `model.train()`: a model that came in eval mode must leave in eval mode.",
            lambda inputs: {"keeps_mode": inputs["training"]},
            ("side-effects",),
        ),
        fact(
            "gradients-left-behind",
            "You leave your gradients in the parameters' .grad: use `torch.autograd.grad`, or put the old ones back.",
            "keeps_gradients",
            False,
            "side-effects",
        ),
        Mistake(
            "gradients-cleared",
            "You clear the parameters' .grad; leave it as it came: use `torch.autograd.grad`, or put it back.",
            lambda inputs: {"keeps_gradients": not inputs["gradients"]},
            ("side-effects",),
        ),
        Mistake(
            "learnable-only",
            "You leave out the frozen parameters; every name in `named_parameters()` has an entry, theirs is 0.",
            lambda inputs: {"entries": _entries(inputs, without=tuple(inputs["spec"]["frozen"]))},
            ("form",),
        ),
        Mistake(
            "used-only",
            "You leave out the parameters without a gradient; every name in `named_parameters()` has an entry, theirs is 0.",
            lambda inputs: {"entries": _entries(inputs, without=(*inputs["spec"]["frozen"], "spare"))},
            ("form",),
        ),
        Mistake(
            "single-precision",
            "You create the importance with torch's default dtype; take the parameter's, as `torch.zeros_like` does.",
            lambda inputs: {"entries": _entries(inputs, dtype="float32")},
            ("form",),
        ),
        *accumulates(
            rule,
            "The second task's importance still holds the first one's: start every call of `importance` from zero; `consolidate` does the adding.",
        ),
    )


def _entries(inputs: Tree, without: tuple[str, ...] = (), dtype: str = "float64") -> dict[str, Any]:
    """The entries that ``form`` reports of an otherwise orderly result."""
    entry = {"type": "Tensor", "dtype": dtype, "detached": True, "own": True}
    return {name: entry for name in shapes(inputs["spec"]) if name not in without}
