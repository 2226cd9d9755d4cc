"""Judge ``torch7_containers``: outputs, gradients by complex steps, and what is left in the gradients' arrays."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import compress
from typing import Any

import numpy as np

from autograder.judging import Case, Exercise, Mistakes, Tree, must_hold

from .checks import check, known

Array = np.ndarray[Any, Any]
Spec = dict[str, Any]


def draw(rng: np.random.Generator) -> list[Case]:
    """A chain, a skip connection, and nests of both; square layers, so that a wrong order shows as wrong numbers."""
    tanh, identity, add = {"kind": "Tanh"}, {"kind": "Identity"}, {"kind": "CAddTable"}

    def linear() -> Spec:
        return {"kind": "Linear", "weight": rng.normal(size=(3, 3)).round(2).tolist(), "bias": [0.1, -0.2, 0.3]}

    def chain(*modules: Spec) -> Spec:
        return {"kind": "Sequential", "modules": list(modules)}

    def table(*modules: Spec) -> Spec:
        return chain({"kind": "ConcatTable", "modules": list(modules)}, add)

    networks = {
        "chain": chain(linear(), tanh, linear()),
        "nested": chain(chain(linear(), tanh), chain(linear(), tanh)),
        "table": table(identity, linear(), tanh, linear()),
        "fork": {"kind": "ConcatTable", "modules": [identity, linear(), chain(linear(), tanh)]},
        "skip": chain(linear(), table(chain(linear(), tanh), identity), tanh),
    }
    cases = []
    for name, network in networks.items():
        given = {"network": network, "x": rng.normal(size=(4, 3)).round(2).tolist()}
        size = (3, 4, 3) if name == "fork" else (4, 3)  # a gradient for each module
        given |= {"g": rng.normal(size=size).round(2).tolist(), "scale": round(float(rng.uniform(2, 3)), 2)}
        cases.append(Case(name, {"what": "all", **given, "rate": 0.05}))
        cases.append(Case(f"{name} forward", {"what": "forward", **given}))
    return cases


def parameters(spec: Spec) -> list[Array]:
    """All parameters, in order."""
    if spec["kind"] == "Linear":
        return [np.array(spec["weight"]), np.array(spec["bias"])]
    return [each for inner in spec.get("modules", []) for each in parameters(inner)]


def forward(spec: Spec, x: Any, values: Iterator[Array]) -> Any:
    """The output of a network whose parameters have these values."""
    kind = spec["kind"]
    if kind == "Linear":
        return x @ next(values).T + next(values)
    if kind == "Tanh":
        return np.tanh(x)
    if kind == "Identity":
        return x
    if kind == "CAddTable":
        return sum(x)
    if kind == "ConcatTable":
        return [forward(each, x, values) for each in spec["modules"]]
    for each in spec["modules"]:
        x = forward(each, x, values)
    return x


def _gradient(function: Callable[[Array], Any], at: Array, g: Array) -> Array:
    """The derivative of ⟨g, function⟩, entry by entry, by complex steps."""
    gradient = np.zeros(at.shape)
    for place in np.ndindex(at.shape):
        nudged = at.astype(complex)
        nudged[place] += 1e-30j
        gradient[place] = np.sum(g * np.imag(function(nudged))) / 1e-30
    return gradient


def right(inputs: Tree) -> dict[str, Any]:
    """All that is asked of a network, and the gradients of its parameters without the scale."""
    own, x, g = parameters(inputs["network"]), np.array(inputs["x"]), np.array(inputs["g"])

    def output(x: Array, values: list[Array]) -> Array:
        return np.array(forward(inputs["network"], x, iter(values)))

    def at_parameter(at: int) -> Callable[[Array], Any]:
        return lambda value: output(x, [*own[:at], value, *own[at + 1 :]])

    gradients = [_gradient(at_parameter(at), each, g) for at, each in enumerate(own)]
    twice = [(inputs["scale"] + 1) * each for each in gradients]
    return {
        "gradInput": _gradient(lambda x: output(x, own), x, g),
        "unscaled": gradients,
        "once": [inputs["scale"] * each for each in gradients],
        "twice": twice,
        "updated": output(x, [each - inputs["rate"] * grad for each, grad in zip(own, twice, strict=True)]),
        "zeroed": [np.zeros_like(each) for each in gradients],
    }


def output(inputs: Tree) -> dict[str, Any]:
    """The output of a network."""
    network = inputs["network"]
    return {"output": np.array(forward(network, np.array(inputs["x"]), iter(parameters(network))))}


def grad_input(inputs: Tree, wrong: str) -> dict[str, Any]:
    """A network's gradInput by layers, by someone who makes the mistake of this name."""

    def back(spec: Spec, x: Any, g: Any) -> Any:
        kind, modules = spec["kind"], spec.get("modules", [])
        if kind == "Linear":
            return g @ np.array(spec["weight"])
        if kind == "Tanh":
            return g * (1 - np.tanh(x) ** 2)
        if kind == "Identity":
            return g
        if kind == "CAddTable":
            return [g for _ in x]
        if kind == "ConcatTable":
            gs = [g[0]] * len(g) if wrong == "first-gradient-to-all" else g
            branches = [back(each, x, own) for each, own in zip(modules, gs, strict=True)]
            one_only = {"first-branch-only": branches[0], "last-branch-only": branches[-1]}
            return one_only.get(wrong, sum(branches) / (len(branches) if wrong == "mean-of-branches" else 1))
        xs = [x]
        for each in modules[:-1]:
            xs.append(forward(each, xs[-1], iter(parameters(each))))
        steps = list(zip(modules, xs, strict=True))
        for each, own in steps if wrong == "not-backwards" else reversed(steps):
            g = back(each, x if wrong == "everybody-gets-the-first-input" else own, g)
        return g

    return {"gradInput": np.array(back(inputs["network"], np.array(inputs["x"]), np.array(inputs["g"])))}


mistake = Mistakes(beside=__file__)
known(mistake, grad_input)
LISTS = ("chain parameters", "table parameters", "accumulated", "zeroed")

mistake.named(
    "scale-lost", lambda inputs: {"once": right(inputs)["unscaled"]}, "chain parameters", "table parameters"
).says("`scale` does not arrive: hand it on to every module's backward.")
mistake.named("nobody-listed", lambda inputs: {"once": [], "twice": [], "zeroed": []}, *LISTS).says(
    "`parameters()` lists nothing: put the lists of all modules together."
)


@mistake(*LISTS)
def only_direct_children(inputs: Tree) -> Tree:
    """`parameters()` lists those of modules directly inside only: nested containers have parameters, too."""
    told, kept = right(inputs), []
    for each in inputs["network"]["modules"]:
        kept += [each["kind"] == "Linear"] * len(parameters(each))
    return {key: list(compress(told[key], kept)) for key in ("once", "twice", "zeroed")}


KEPT = {
    "listed": "ConcatTable's output should be a list, so that its modules' outputs may have any shapes.",
    "stored": "a container's backward should store what it returns as its gradInput.",
}
CHAINS, TABLES, BOTH = ("chain", "nested"), ("table", "skip", "fork"), ("nested", "skip")
forwards = partial(check, expected=output, tolerance=1e-9)
backwards = partial(check, expected=right, tolerance=1e-9)
inputs, scaled, twice = (partial(backwards, outputs=(name,)) for name in ("gradInput", "once", "twice"))
kept = partial(check, complaint=must_hold(KEPT), fixed=True)
updated, zeroed = (partial(backwards, cases=BOTH, outputs=(name,)) for name in ("updated", "zeroed"))

CHECKS = (
    forwards("forward", "Forward, one module after another", share=0.15, cases=("chain forward", "nested forward")),
    forwards("tables", "Forward through tables", share=0.05, cases=("table forward", "skip forward", "fork forward")),
    inputs("chain backward", "The gradient of a chain's input", share=0.15, cases=CHAINS),
    inputs("table backward", "The gradients of a table's modules add up", share=0.15, cases=TABLES),
    scaled("chain parameters", "Gradients of parameters, times the scale", share=0.1, cases=CHAINS),
    scaled("table parameters", "… in tables, too", share=0.1, cases=TABLES),
    twice("accumulated", "A second backward adds to the first", share=0.1, cases=("chain", "skip")),
    updated("updated", "updateParameters reaches everybody", share=0.1),
    zeroed("zeroed", "zeroGradParameters reaches everybody", share=0.05, needs=("accumulated", "updated")),
    kept("kept", "What a table returns, and what backward stores", share=0.05, cases=("fork",), needs=("tables",)),
)

EXERCISE = Exercise("torch7_containers", draw, CHECKS, tuple(mistake))
