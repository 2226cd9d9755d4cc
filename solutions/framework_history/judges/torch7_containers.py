"""Judge ``torch7_containers``: outputs, gradients by complex steps, and what is left in the gradients' arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

Array = np.ndarray[Any, Any]
Spec = dict[str, Any]


def draw(rng: np.random.Generator) -> list[Case]:
    """A chain, a skip connection, and nests of both; square layers, so that a wrong order shows as wrong numbers."""

    def linear() -> Spec:
        return {"kind": "Linear", "weight": rng.normal(size=(3, 3)).round(2).tolist(), "bias": [0.1, -0.2, 0.3]}

    def tanh() -> Spec:
        return {"kind": "Tanh"}

    def box(kind: str, *modules: Spec) -> Spec:
        return {"kind": kind, "modules": list(modules)}

    def skip(*modules: Spec) -> Spec:
        table = box("ConcatTable", box("Sequential", *modules), {"kind": "Identity"})
        return box("Sequential", table, {"kind": "CAddTable"})

    def two() -> Spec:
        return box("Sequential", box("ConcatTable", linear(), tanh()), {"kind": "CAddTable"})

    networks = {
        "chain": box("Sequential", linear(), tanh(), linear()),
        "nested": box("Sequential", box("Sequential", linear(), tanh()), box("Sequential", linear(), tanh())),
        "table": two(),
        "skip": box("Sequential", linear(), skip(linear(), tanh()), tanh()),
    }
    cases = []
    for name, network in networks.items():
        given = {"network": network, "x": rng.normal(size=(4, 3)).round(2).tolist()}
        given |= {"g": rng.normal(size=(4, 3)).round(2).tolist(), "scale": round(float(rng.uniform(2, 3)), 2)}
        cases.append(Case(name, {"what": "all", **given, "rate": 0.05}))
        cases.append(Case(f"{name} forward", {"what": "forward", **given}))
    return cases


def forward(spec: Mapping[str, Any], x: Any) -> Any:
    """The output of a network."""
    kind = spec["kind"]
    if kind == "Linear":
        return x @ np.array(spec["weight"]).T + np.array(spec["bias"])
    if kind == "Tanh":
        return np.tanh(x)
    if kind == "Identity":
        return x
    if kind == "CAddTable":
        return sum(x)
    if kind == "ConcatTable":
        return [forward(each, x) for each in spec["modules"]]
    for each in spec["modules"]:
        x = forward(each, x)
    return x


def _leaves(spec: Spec) -> list[tuple[Spec, str]]:
    """Where the parameters are, in order."""
    if spec["kind"] == "Linear":
        return [(spec, "weight"), (spec, "bias")]
    return [leaf for each in spec.get("modules", []) for leaf in _leaves(each)]


def _gradient(function: Callable[[Array], Any], at: Array, g: Array) -> Array:
    """The derivative of ⟨g, function⟩, entry by entry, by complex steps."""
    gradient = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        nudged = at.astype(complex)
        nudged[place] += 1e-30j
        gradient[place] = np.sum(g * np.imag(function(nudged))) / 1e-30
    return gradient


def _parameter_gradients(inputs: Tree) -> list[Array]:
    network, x, g = inputs["network"], np.array(inputs["x"]), np.array(inputs["g"])
    gradients = []
    for spec, name in _leaves(network):
        original = spec[name]

        def output(values: Array, spec: Spec = spec, name: str = name) -> Any:
            spec[name] = values
            return forward(network, x)

        try:
            gradients.append(_gradient(output, np.array(original), g))
        finally:
            spec[name] = original
    return gradients


def oracle(inputs: Tree) -> dict[str, Any]:
    """All that is asked."""
    network, x, g = inputs["network"], np.array(inputs["x"]), np.array(inputs["g"])
    told: dict[str, Any] = {"output": forward(network, x)}
    if inputs["what"] == "forward":
        return told
    told["gradInput"] = _gradient(lambda x: forward(network, x), x, g)
    gradients = _parameter_gradients(inputs)
    told["once"] = [inputs["scale"] * each for each in gradients]
    told["twice"] = [(inputs["scale"] + 1) * each for each in gradients]
    told["updated"] = _updated(inputs, told["twice"])
    told["zeroed"] = [np.zeros_like(each) for each in gradients]
    return told


def _updated(inputs: Tree, gradients: list[Array]) -> Any:
    """The output after a step along these gradients."""
    leaves = _leaves(inputs["network"])
    originals = [spec[name] for spec, name in leaves]
    try:
        for (spec, name), gradient in zip(leaves, gradients, strict=True):
            spec[name] = np.array(spec[name]) - inputs["rate"] * gradient
        return forward(inputs["network"], np.array(inputs["x"]))
    finally:
        for (spec, name), original in zip(leaves, originals, strict=True):
            spec[name] = original


def _only(*keys: str) -> Callable[[Tree], dict[str, Any]]:
    return lambda inputs: {key: value for key, value in oracle(inputs).items() if key in keys}


def _backward(
    inputs: Tree, *, first_input: bool = False, forwards: bool = False, scale: bool = True, joined: str = "sum"
) -> dict[str, Any]:
    """One backward by layers, by someone who has a container wrong."""
    if inputs["what"] == "forward":
        return {}
    gradients: list[Array] = []

    def back(spec: Spec, x: Any, g: Any, factor: float) -> tuple[Any, list[Array]]:
        kind = spec["kind"]
        if kind == "Linear":
            return g @ np.array(spec["weight"]), [factor * g.T @ x, factor * g.sum(axis=0)]
        if kind == "Tanh":
            return g * (1 - np.tanh(x) ** 2), []
        if kind == "Identity":
            return g, []
        if kind == "CAddTable":
            return [g for _ in x], []
        inner = factor if scale else 1.0
        found: list[list[Array]] = []
        if kind == "ConcatTable":
            pairs = [back(each, x, own, inner) for each, own in zip(spec["modules"], g, strict=True)]
            parts = [pair[0] for pair in pairs]
            together = {"sum": sum(parts), "mean": sum(parts) / len(parts), "first": parts[0], "last": parts[-1]}[
                joined
            ]
            return together, [each for pair in pairs for each in pair[1]]
        xs = [x]
        for each in spec["modules"][:-1]:
            xs.append(forward(each, xs[-1]))
        steps = list(zip(spec["modules"], [x] * len(xs) if first_input else xs, strict=True))
        for each, own in steps if forwards else reversed(steps):
            g, grads = back(each, own, g, inner)
            found.append(grads)
        return g, [each for grads in (found if forwards else reversed(found)) for each in grads]

    try:
        grad_input, gradients = back(inputs["network"], np.array(inputs["x"]), np.array(inputs["g"]), inputs["scale"])
    except (TypeError, ValueError, AttributeError):  # what this mistake does here is an error
        return {}
    return {"gradInput": np.array(grad_input), "once": gradients}


def _slip(**switches: Any) -> Callable[[Tree], dict[str, Any]]:
    return lambda inputs: _backward(inputs, **switches)


def _slip_in(key: str, **switches: Any) -> Callable[[Tree], dict[str, Any]]:
    return lambda inputs: {name: value for name, value in _backward(inputs, **switches).items() if name == key}


def _checks(name: str, share: float, title: str, key: str, *cases: str, **more: Any) -> Check:
    return Check(name, title, share=share, cases=cases, expected=_only(key), tolerance=1e-9, **more)


GRADIENTS = ("chain backward", "table backward", "chain parameters", "table parameters")

EXERCISE = Exercise(
    id="torch7_containers",
    draw=draw,
    checks=(
        _checks("forward", 0.15, "Forward, one module after another", "output", "chain forward", "nested forward"),
        _checks("tables", 0.1, "Forward through tables and skips", "output", "table forward", "skip forward"),
        _checks("chain backward", 0.15, "The gradient of a chain's input", "gradInput", "chain", "nested"),
        _checks("table backward", 0.15, "The gradients of a table's modules add up", "gradInput", "table", "skip"),
        _checks("chain parameters", 0.1, "Gradients of parameters, times the scale", "once", "chain", "nested"),
        _checks("table parameters", 0.1, "… in tables, too", "once", "table", "skip"),
        _checks("accumulated", 0.1, "A second backward adds to the first", "twice", "chain", "skip"),
        _checks("updated", 0.1, "updateParameters reaches everybody", "updated", "nested", "skip"),
        _checks(
            "zeroed",
            0.05,
            "zeroGradParameters reaches everybody",
            "zeroed",
            "nested",
            "skip",
            needs=("accumulated", "updated"),
        ),
    ),
    mistakes=(
        Mistake(
            "everybody-gets-the-first-input",
            "In backward each module needs the input that it got in forward, not that of the whole container.",
            _slip_in("gradInput", first_input=True),
            ("chain backward", "table backward"),
        ),
        Mistake(
            "not-backwards",
            "Your backward goes through the modules in the order of forward: begin with the last.",
            _slip_in("gradInput", forwards=True),
            ("chain backward",),
        ),
        Mistake(
            "scale-lost",
            "`scale` does not arrive: hand it on to every module's backward.",
            _slip_in("once", scale=False),
            ("chain parameters", "table parameters"),
        ),
        Mistake(
            "first-branch-only",
            "A table's gradInput is the sum of all its modules'; yours is that of the first.",
            _slip_in("gradInput", joined="first"),
            ("table backward",),
        ),
        Mistake(
            "last-branch-only",
            "A table's gradInput is the sum of all its modules'; yours is that of the last.",
            _slip_in("gradInput", joined="last"),
            ("table backward",),
        ),
        Mistake(
            "mean-of-branches",
            "A table's gradInput is the sum of its modules', not their mean: the input was used several times.",
            _slip_in("gradInput", joined="mean"),
            ("table backward",),
        ),
        Mistake(
            "nobody-listed",
            "`parameters()` lists nothing: put the lists of all modules together.",
            lambda inputs: {} if inputs["what"] == "forward" else {"once": [], "twice": [], "zeroed": []},
            ("chain parameters", "table parameters", "accumulated", "zeroed"),
        ),
        Mistake(
            "only-direct-children",
            "`parameters()` lists those of modules directly inside only: nested containers have parameters, too.",
            lambda inputs: _flat(inputs),
            ("chain parameters", "table parameters", "accumulated", "zeroed"),
        ),
    ),
)


def _flat(inputs: Tree) -> dict[str, Any]:
    """The gradients of the layers directly in the outermost container."""
    if inputs["what"] == "forward":
        return {}
    right = oracle(inputs)
    own = [spec for spec in inputs["network"]["modules"] if spec["kind"] == "Linear"]
    kept = [any(spec is each for each in own) for spec, _ in _leaves(inputs["network"])]
    return {
        key: [each for each, keep in zip(right[key], kept, strict=True) if keep] for key in ("once", "twice", "zeroed")
    }
