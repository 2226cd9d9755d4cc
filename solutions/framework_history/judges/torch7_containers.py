"""Judge ``torch7_containers``: outputs, gradients, and what is left in the gradients' arrays."""

from collections.abc import Collection
from functools import partial
from itertools import accumulate
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Tree, ended, must_hold

from .checks import chosen, known

Array = np.ndarray[Any, Any]
Spec = dict[str, Any]


def draw(rng: np.random.Generator) -> list[Case]:
    """A chain, a skip connection, and nests of both; square layers, so that a wrong order shows as wrong numbers."""
    tanh, identity, add, growing = ({"kind": kind} for kind in ("Tanh", "Identity", "CAddTable", "Growing"))

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
        "growing": chain(growing, linear(), table(growing, tanh), linear()),
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


NOT_CHAINED = "add(…) returned NoneType, not the container: calls cannot be chained"
"""What the probe says of an ``add`` without a return."""


class Layer:
    """A module of someone who makes the mistakes of these names, layer by layer."""

    def __init__(self, spec: Spec, wrong: Collection[str]) -> None:
        self.kind, self.wrong, self.factor = spec["kind"], wrong, 0
        self.modules = [Layer(each, wrong) for each in spec.get("modules", [])]
        self.own = [(each, np.zeros_like(each)) for each in parameters(spec)] if self.kind == "Linear" else []

    def forward(self, x: Any) -> Any:
        """The output, which is kept."""
        self.factor += 1
        self.output = self.computed(x)
        return self.output

    def computed(self, x: Any) -> Any:
        """The output."""
        if self.kind == "ConcatTable":
            kept = "outputs-not-kept-in-tables" not in self.wrong
            return [each.forward(x) if kept else each.computed(x) for each in self.modules]
        if self.kind == "Sequential":
            for each in self.modules:
                x = each.computed(x) if "outputs-not-kept" in self.wrong else each.forward(x)
            return x
        if self.kind == "Linear":
            (weight, _), (bias, _) = self.own
            return x @ weight.T + bias
        if self.kind == "Growing":
            return self.factor * x
        return {"CAddTable": sum, "Tanh": np.tanh}.get(self.kind, lambda x: x)(x)

    def backward(self, x: Any, g: Any, scale: float) -> Any:
        """The gradient of x; those of the parameters grow."""
        if self.kind == "Sequential":
            return self._through_chain(x, g, 1.0 if self._loses("scale-lost-in-chains") else scale)
        if self.kind == "ConcatTable":
            return self._through_table(x, g, 1.0 if self._loses("scale-lost-in-tables") else scale)
        for (_, gradient), new in zip(self.own, (g.T @ x, g.sum(axis=0)) if self.own else (), strict=True):
            gradient += scale * new
        return self.passed(x, g)

    def passed(self, x: Any, g: Any) -> Any:
        """The gradient of x, by a layer that is no container.

        Raises:
            AttributeError: it is a container, which has no such method.
        """
        if self.modules:
            raise AttributeError("an object has no attribute 'updateGradInput'")
        if self.kind == "Linear":
            return g @ self.own[0][0]
        if self.kind == "Growing":
            return self.factor * g
        if self.kind == "Tanh":
            return g * (1 - np.tanh(x) ** 2)
        return [g] * len(x) if self.kind == "CAddTable" else g

    def _loses(self, where: str) -> bool:
        return where in self.wrong or "scale-lost" in self.wrong

    def _through_chain(self, x: Any, g: Any, scale: float) -> Any:
        got = [x, *(each.output for each in self.modules[:-1])]
        if "forward-again" in self.wrong:
            got = [*accumulate(self.modules[:-1], lambda own, each: each.forward(own), initial=x)]
        same = {"everybody-gets-the-first-input": [x] * len(got), "each-gets-its-own-output": None}
        got = chosen(self.wrong, same, got) or [each.output for each in self.modules]
        steps = list(zip(self.modules, got, strict=True))
        if "tanh-gets-its-own-output" in self.wrong:
            steps[1:] = [(each, each.output if each.kind == "Tanh" else own) for each, own in steps[1:]]
        for each, own in steps if "not-backwards" in self.wrong else reversed(steps):
            g = each.passed(own, g) if "gradients-only-passed" in self.wrong else each.backward(own, g, scale)
        return g

    def _through_table(self, x: Any, g: Any, scale: float) -> Any:
        gs = [g[0]] * len(g) if "first-gradient-to-all" in self.wrong else g
        pieces: list[Any] = []
        for each, own in zip(self.modules, gs, strict=True):
            passed = "gradients-only-passed-in-tables" in self.wrong and not each.modules
            pieces.append(each.passed(x, own) if passed else each.backward(x, own, scale))
            if "added-in-place" in self.wrong and len(pieces) > 1:
                pieces[0] += pieces.pop()  # which may be the very array that came from outside
        one = {"first-branch-only": pieces[0], "last-branch-only": pieces[-1], "list-of-gradients": pieces}
        return chosen(self.wrong, one, sum(pieces) / (len(pieces) if "mean-of-branches" in self.wrong else 1))

    def listed(self) -> list[tuple[Array, Array]]:
        """All parameters with their gradients, as `parameters()` lists them."""
        if "nobody-listed" in self.wrong and self.modules:
            return []
        direct = "only-direct-children" in self.wrong
        modules = self.modules[:: -1 if "listed-in-reverse" in self.wrong else 1]
        inner = [pair for each in modules for pair in (each.own if direct else each.listed())]
        inner = [(p.copy(), g) for p, g in inner] if "parameters-copied" in self.wrong else inner
        return [*self.own, *([(p.copy(), g.copy()) for p, g in inner] if "copies-listed" in self.wrong else inner)]


def run(inputs: Tree, wrong: Collection[str] = frozenset()) -> dict[str, Any]:
    """All that comes out, as the probe asks for it, where someone makes the mistakes of these names, if any."""
    if "add-returns-nothing" in wrong:
        return ended("TypeError", NOT_CHAINED)
    network, x, g = Layer(inputs["network"], wrong), np.array(inputs["x"]), np.array(inputs["g"])
    g = list(g) if g.ndim > 2 else g

    def gradients() -> list[Array]:
        return [gradient.copy() for _, gradient in network.listed()]

    told: dict[str, Any] = {"output": np.array(network.forward(x))}
    if inputs["what"] == "forward":
        return told
    told |= {"gradInput": np.array(network.backward(x, g, inputs["scale"])), "once": gradients()}
    network.forward(x)
    network.backward(x, g, 1.0)
    told["twice"] = gradients()
    if "lists-of-lists" in wrong:
        raise TypeError("can't multiply sequence by non-int of type 'float'")
    for parameter, gradient in network.listed():
        parameter -= inputs["rate"] * gradient
    told["updated"] = np.array(network.forward(x))
    for _, gradient in network.listed():
        gradient[...] = 0
    return told | {"zeroed": gradients()}


MISTAKES = known(__file__, run)

KEPT = {
    "listed": "ConcatTable's output should be a list, so that its modules' outputs may have any shapes.",
    "stored": "a container's backward should store what it returns as its gradInput.",
}
FORWARD = ("table forward", "skip forward", "fork forward", "growing forward")
CHAINS, TABLES, BOTH = ("chain", "nested"), ("table", "skip", "fork"), ("nested", "skip")
right = partial(Check, expected=run, tolerance=1e-9)
inputs, scaled, twice = (partial(right, outputs=(name,)) for name in ("gradInput", "once", "twice"))
kept = partial(Check, complaint=must_hold(KEPT))
updated, zeroed = (partial(right, cases=BOTH, outputs=(name,)) for name in ("updated", "zeroed"))

CHECKS = (
    right("forward", "Forward, one module after another", share=0.15, cases=("chain forward", "nested forward")),
    right("tables", "Forward through tables", share=0.05, cases=FORWARD),
    inputs("chain backward", "The gradient of a chain's input", share=0.15, cases=CHAINS),
    inputs("table backward", "The gradients of a table's modules add up", share=0.15, cases=TABLES),
    scaled("chain parameters", "Gradients of parameters, times the scale", share=0.1, cases=CHAINS),
    scaled("table parameters", "… in tables, too", share=0.1, cases=TABLES),
    twice("accumulated", "A second backward adds to the first", share=0.1, cases=("chain", "skip", "fork", "growing")),
    updated("updated", "updateParameters reaches everybody", share=0.1),
    zeroed("zeroed", "zeroGradParameters reaches everybody", share=0.05, needs=("accumulated", "updated")),
    kept(
        "kept", "What a table returns, and what backward stores", share=0.05, cases=("fork", "chain"), needs=("tables",)
    ),
)

EXERCISE = Exercise("torch7_containers", draw, CHECKS, **MISTAKES)
