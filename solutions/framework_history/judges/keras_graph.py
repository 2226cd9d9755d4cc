"""Judge ``keras_graph``: shapes, parameters, predictions, how often each layer computes, and errors that say why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

DEPTH = 9
Step = list[Any]


def draw(rng: np.random.Generator) -> list[Case]:
    """Chains, skips, shared layers, joins, two inputs, a deep graph, and wrong ones."""
    d, k, m = (int(each) for each in rng.permutation(np.arange(3, 9))[:3])

    def case(name: str, steps: list[Step], given: Sequence[int] = (0,)) -> Case:
        widths = _widths(steps)
        arrays = [rng.normal(size=(4, widths[at])).round(2).tolist() for at in given]
        asked = {"what": "model", "steps": steps, "given": list(given), "arrays": arrays}
        return Case(name, {**asked, "weights": _weights(rng, steps, widths)})

    skip = [["input", d], ["dense", k, "tanh", 0], ["dense", k, "relu", 1], ["add", 1, 2], ["dense", m, None, 3]]
    join = [["input", d], ["input", m], ["dense", k, "tanh", 0], ["join", 2, 1, 0], ["dense", 2, None, 3]]
    shared = [
        ["input", d],
        ["dense", d, "tanh", 0],
        ["again", 0, 1],
        ["dense", k, None, 2],
        ["again", 0, 0],
        ["join", 3, 4],
    ]
    bystander = [["input", d], ["dense", k, "relu", 0], ["dense", m, "tanh", 0], ["dense", 2, None, 1]]
    deep: list[Step] = [["input", d], ["dense", k, "tanh", 0]]
    for at in range(DEPTH):
        deep.append(["add", at + 1, at + 1])
    units: list[Any] = [[k, "tanh"], [m, "relu"], [2, None]]
    chained = [["input", d]] + [["dense", n, a, at] for at, (n, a) in enumerate(units)]
    wide, narrow = k + m, k
    return [
        case("skip", skip),
        case("join", join, (0, 1)),
        case("shared", shared),
        case("bystander", bystander),
        case("deep", deep),
        Case(
            "chain",
            {
                "what": "chain",
                "width": d,
                "units": units,
                "steps": chained,
                "arrays": [rng.normal(size=(4, d)).round(2).tolist()],
                "weights": _weights(rng, chained, _widths(chained)),
            },
        ),
        Case(
            "unequal",
            {
                "what": "error",
                "steps": [["input", d], ["dense", wide, None, 0], ["dense", narrow, None, 0], ["add", 1, 2]],
                "named": [wide, narrow],
            },
        ),
        Case(
            "other width",
            {
                "what": "error",
                "steps": [["input", d], ["dense", d + 1, None, 0], ["again", 0, 1]],
                "named": [d, d + 1],
            },
        ),
        Case("missing", {"what": "missing", "steps": join, "given": [0], "named": []}),
    ]


def _widths(steps: Sequence[Step]) -> list[int]:
    """The widths of all symbols; an addition has that of its first operand."""
    widths: list[int] = []
    made: list[int] = []
    for kind, *rest in steps:
        if kind == "dense":
            made.append(rest[0])
        elif kind in ("add", "join"):
            made.append(0)
        widths.append(
            {
                "input": lambda r: r[0],
                "dense": lambda r: r[0],
                "again": lambda r: made[r[0]],
                "add": lambda r: widths[r[0]],
                "join": lambda r: sum(widths[at] for at in r),
            }[kind](rest)
        )
    return widths


def _weights(rng: np.random.Generator, steps: Sequence[Step], widths: Sequence[int]) -> list[Any]:
    return [
        [rng.normal(size=(widths[rest[2]], rest[0])).round(2).tolist(), np.round(rng.normal(size=rest[0]), 2).tolist()]
        for kind, *rest in steps
        if kind == "dense"
    ]


ACTIVATIONS: dict[Any, Callable[[Any], Any]] = {None: lambda a: a, "relu": lambda a: np.maximum(a, 0), "tanh": np.tanh}


def oracle(inputs: Tree, skips: bool = True) -> dict[str, Any]:
    """All that is asked of a model; without ``skips``, an addition gives its last operand alone."""
    if inputs["what"] in ("error", "missing"):
        return {}
    steps = inputs["steps"]
    values, number_of, operands = [], [], []
    arrays, weights = iter(inputs["arrays"]), iter(inputs["weights"])
    layers: list[Any] = []
    for kind, *rest in steps:
        number_of.append(len(layers) if kind != "again" else rest[0])
        operands.append({"input": [], "dense": rest[2:], "again": rest[1:]}.get(kind, rest))
        if kind == "input":
            number_of[-1] = -1
            values.append(np.array(next(arrays)))
            continue
        if kind == "dense":
            kernel, bias = (np.array(each) for each in next(weights))
            layers.append((kernel, bias, ACTIVATIONS[rest[1]]))
        elif kind != "again":
            layers.append(None)
        if kind in ("dense", "again"):
            kernel, bias, activation = layers[number_of[-1]]
            values.append(activation(values[operands[-1][0]] @ kernel + bias))
        elif kind == "add":
            chosen = [values[at] for at in rest]
            values.append(sum(chosen) if skips else chosen[-1])
        else:
            values.append(np.concatenate([values[at] for at in rest], axis=1))
    used = _needed(operands)
    calls = [sum(number_of[at] == number for at in used) for number in range(len(layers))]
    kept = [number for number, count in enumerate(calls) if count]
    told = {
        "shape": [values[-1].shape[1]],
        "parameters": sum(layers[at][0].size + layers[at][1].size for at in kept if layers[at]),
        "prediction": values[-1],
        "calls": calls,
    }
    return told if inputs["what"] == "chain" else {**told, "shapes": [[width] for width in _widths(steps)]}


def _needed(operands: Sequence[Sequence[int]]) -> set[int]:
    """The symbols that the last one needs."""
    found: set[int] = set()
    stack = [len(operands) - 1]
    while stack:
        at = stack.pop()
        if at not in found:
            found.add(at)
            stack += operands[at]
    return found


def _only(*keys: str, skips: bool = True) -> Callable[[Tree], dict[str, Any]]:
    return lambda inputs: {key: value for key, value in oracle(inputs, skips).items() if key in keys}


def _ordered(inputs: Tree, outputs: Tree) -> str | None:
    """Each layer once, inputs before those that use them for the first time."""
    layers = outputs["layers"]
    wanted = [number for number, count in enumerate(oracle(inputs)["calls"]) if count]
    if sorted(layers) != wanted:
        return "`layers` should hold each layer between the inputs and the output once, and no other."
    return None


def _explained(inputs: Tree, outputs: Tree) -> str | None:
    if outputs["error"] != "ValueError":
        return "there should be a ValueError."
    if all(str(number) in outputs["message"] for number in inputs["named"]):
        return None
    return "the ValueError's message should hold both sizes, so that one can see what does not fit."


def _counted(count: Callable[[Any, Any], float], repeated: bool = False) -> Callable[[Tree], dict[str, Any]]:
    """Parameters by someone who counts kernel and bias so, or shared layers as often as they are used."""

    def expected(inputs: Tree) -> dict[str, Any]:
        right = oracle(inputs)
        if not right:
            return {}
        weights = iter(inputs["weights"])
        layers: list[Any] = []
        for kind, *_ in inputs["steps"]:
            if kind == "dense":
                layers.append(next(weights))
            elif kind in ("add", "join"):
                layers.append(None)
        times = right["calls"] if repeated else [min(count, 1) for count in right["calls"]]
        sizes = [count(*(np.array(each) for each in layer)) if layer else 0 for layer in layers]
        return {"parameters": sum(size * n for size, n in zip(sizes, times, strict=True))}

    return expected


def _everything(inputs: Tree) -> dict[str, Any]:
    """The calls of someone who computes a symbol again for everyone who uses it."""
    right = oracle(inputs)
    if not right:
        return {}
    operands = [{"input": [], "dense": rest[2:], "again": rest[1:]}.get(kind, rest) for kind, *rest in inputs["steps"]]
    times = [0] * len(operands)
    times[-1] = 1
    for at in reversed(range(len(operands))):
        for operand in operands[at]:
            times[operand] += times[at]
    calls = [0] * len(right["calls"])
    made = -1
    for at, (kind, *rest) in enumerate(inputs["steps"]):
        if kind == "input":
            continue
        made += kind != "again"
        calls[rest[0] if kind == "again" else made] += times[at]
    return {"calls": calls}


MODELS = ("skip", "join", "shared", "bystander")

EXERCISE = Exercise(
    id="keras_graph",
    draw=draw,
    checks=(
        Check("shapes", "Shapes follow from the inputs'", share=0.1, cases=MODELS, expected=_only("shape", "shapes")),
        Check(
            "parameters",
            "The number of parameters; a shared layer counts once",
            share=0.2,
            cases=(*MODELS, "chain"),
            expected=_only("parameters"),
        ),
        Check(
            "skip",
            "A skip connection adds, a join concatenates",
            share=0.2,
            cases=("skip", "join"),
            expected=_only("prediction"),
        ),
        Check(
            "shared",
            "A layer that is called twice has one kernel",
            share=0.1,
            cases=("shared",),
            expected=_only("prediction"),
        ),
        Check("chain", "One layer after another", share=0.1, cases=("chain",), expected=_only("prediction", "shape")),
        Check(
            "once",
            "Only what is needed, each Symbol once",
            share=0.1,
            cases=("deep", "bystander", "skip"),
            expected=_only("calls"),
            complaint=_ordered,
        ),
        Check(
            "errors",
            "Shapes that do not fit are said",
            share=0.15,
            cases=("unequal", "other width"),
            complaint=_explained,
        ),
        Check(
            "missing",
            "A missing Input is found by Model",
            share=0.05,
            cases=("missing",),
            complaint=_explained,
            needs=("shapes",),
        ),
    ),
    mistakes=(
        Mistake(
            "bias-not-counted",
            "Your count leaves the biases out: kernel and bias are parameters.",
            _counted(lambda kernel, bias: kernel.size),
            ("parameters",),
        ),
        Mistake(
            "shared-counted-twice",
            "A layer that is called twice is counted twice; its parameters are there once.",
            _counted(lambda kernel, bias: kernel.size + bias.size, repeated=True),
            ("parameters",),
        ),
        Mistake(
            "skip-lost",
            "Your addition forgets its first operand: the skip connection is gone.",
            _only("prediction", skips=False),
            ("skip",),
        ),
        Mistake(
            "path-by-path",
            "A Symbol that is used twice is computed twice, and so on: 2ⁿ calls. Keep each Symbol's value.",
            _everything,
            ("once",),
        ),
        Mistake(
            "anything-fits",
            "Shapes that do not fit are accepted in silence: compare them, and raise a ValueError with both.",
            lambda inputs: {"error": ""},
            ("errors",),
        ),
        Mistake(
            "missing-input-accepted",
            "The model does not notice that its output needs an Input that was not given.",
            lambda inputs: {"error": ""},
            ("missing",),
        ),
    ),
)
