"""Judge ``keras_graph``: shapes, parameters, predictions, how often each layer computes, and errors that explain."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from autograder.judging import Case, Check, Exercise, Slip, Tree, ended

from .checks import chosen, known, refused

DEPTH = 9
"""Additions of the deep graph; each uses its operand twice."""

Step = list[Any]
"""["input", width], ["dense", units, activation, from], ["again", layer, from], ["add", from …], ["join", from …], ["double", from]."""

ACTIVATIONS: dict[Any, Callable[[Any], Any]] = {None: lambda a: a, "relu": lambda a: np.maximum(a, 0), "tanh": np.tanh}


def draw(rng: np.random.Generator) -> list[Case]:
    """Chains, skips, shared layers, joins, two inputs, a deep graph, and wrong ones."""
    d, k, m = (int(each) for each in rng.permutation(np.arange(3, 9))[:3])

    def case(name: str, steps: list[Step], given: Sequence[int] = (0,)) -> Case:
        widths = [symbol.width for symbol in symbols(steps)]
        arrays = [rng.normal(size=(4, widths[at])).round(2).tolist() for at in given]
        asked = {"what": "model", "steps": steps, "given": list(given), "arrays": arrays}
        return Case(name, {**asked, "weights": _weights(rng, steps)})

    def error(name: str, *steps: Step, sizes: list[int]) -> Case:
        return Case(name, {"what": "error", "steps": [["input", d], *steps], "named": sizes})

    def missing(name: str, given: list[int], *steps: Step) -> Case:
        return Case(name, {"what": "missing", "steps": list(steps), "given": given, "named": []})

    skip = [["input", d], ["dense", k, "tanh", 0], ["dense", k, "relu", 1], ["add", 1, 2], ["dense", m, None, 3]]
    three = [["input", d], ["dense", d, "tanh", 0], ["dense", d, "relu", 1], ["add", 0, 1, 2], ["add", 3, 0]]
    three += [["join", 4, 3]]  # equally wide
    join = [["input", d], ["input", m], ["dense", k, "tanh", 0], ["join", 1, 2, 0], ["dense", 2, None, 3]]
    shared = [["input", d], ["dense", d, "tanh", 0], ["again", 0, 1], ["dense", k, None, 2]]
    shared += [["again", 0, 0], ["join", 3, 4]]
    bystander = [["input", d], ["dense", k, "relu", 0], ["dense", m, "tanh", 0], ["dense", 2, None, 1], ["double", 3]]
    deep = [["input", d], ["dense", k, "tanh", 0], *(["add", at, at] for at in range(1, DEPTH + 1))]
    units: list[Any] = [[k, "tanh"], [m, "relu"], [2, None]]
    chained = [["input", d]] + [["dense", n, a, at] for at, (n, a) in enumerate(units)]
    models = [case("skip", skip), case("three", three), case("join", join, (0, 1)), case("shared", shared)]
    models += [case("bystander", bystander), case("deep", deep)]
    chain = {"what": "chain", "width": d, "units": units, "steps": chained}
    chain["arrays"] = [rng.normal(size=(4, d)).round(2).tolist()]
    return [
        *models,
        Case("chain", {**chain, "weights": _weights(rng, chained)}),
        error("unequal", ["dense", k + m, None, 0], ["dense", k, None, 0], ["add", 1, 2], sizes=[k + m, k]),
        error("third", *(["dense", n, None, 0] for n in (k, k, k + m, k)), ["add", 1, 2, 3, 4], sizes=[k + m, k]),
        error("broadcast", ["dense", 1, None, 0], ["dense", k, None, 0], ["add", 1, 2], sizes=[1, k]),
        error("first sizes", ["input", [2, d]], ["input", [m, d]], ["add", 1, 2], sizes=[2, m]),
        error("width", ["dense", d + 1, None, 0], ["again", 0, 1], sizes=[]),
        missing("missing", [0], join[0], join[0], *join[2:]),
        missing("another", [0, 2], join[0], join[0], join[1], join[2], ["join", 1, 3, 0], ["dense", 2, None, 4]),
    ]


def _weights(rng: np.random.Generator, steps: Sequence[Step]) -> list[Any]:
    """Kernel and bias of each dense layer."""
    found = symbols(steps)
    return [
        [rng.normal(size=(found[start].width, n)).round(2).tolist(), np.round(rng.normal(size=n), 2).tolist()]
        for n, start in ((rest[0], rest[2]) for kind, *rest in steps if kind == "dense")
    ]


class Symbol(NamedTuple):
    """What one step gives: the number of its layer (−1 for an input), its operands, its width."""

    layer: int
    operands: list[int]
    width: int


def symbols(steps: Sequence[Step]) -> list[Symbol]:
    """All symbols of a program; an addition has the width of its first operand."""
    found: list[Symbol] = []
    widths: list[int] = []  # of the layers
    for kind, *rest in steps:
        operands = {"input": [], "dense": rest[2:], "again": rest[1:]}.get(kind, rest)
        if kind in ("input", "again"):
            layer, width = (-1, rest[0]) if kind == "input" else (rest[0], widths[rest[0]])
        else:
            given = [found[at].width for at in operands]
            layer, width = len(widths), {"dense": rest[0], "add": given[0], "double": given[0]}.get(kind, sum(given))
            widths.append(width)
        found.append(Symbol(layer, operands, width))
    return found


def oracle(inputs: Tree, wrong: Collection[str] = frozenset()) -> dict[str, Any]:
    """All that is asked of a model, by someone who makes the mistakes of these names, if any.

    Raises:
        ValueError: the mistakes end in one.
    """
    if inputs["what"] == "chain" and "chain-gives-a-symbol" in wrong:
        return ended("AttributeError", "an object has no attribute 'predict'")
    found = symbols(inputs["steps"])
    arrays, weights = iter(inputs["arrays"][:: -1 if "inputs-as-found" in wrong else 1]), iter(inputs["weights"])
    dense: dict[int, Any] = {}
    values: list[Any] = []
    by_layer: dict[int, Any] = {}
    for (kind, *rest), symbol in zip(inputs["steps"], found, strict=True):
        given = [values[at] for at in symbol.operands]
        if kind == "dense":
            activation = ACTIVATIONS[None if "activation-lost" in wrong else rest[1]]
            dense[symbol.layer] = (*map(np.array, next(weights)), activation)
        if kind == "input":
            values.append(np.array(next(arrays)) + ("remembered-for-ever" in wrong))  # what came first was larger by 1
        elif kind == "add":
            values.append(_added(given, wrong))
        elif kind == "double":
            values.append(2 * given[0])
        elif kind == "join":
            alike = len({each.shape for each in given}) == 1 and "joined-by-examples-where-alike" in wrong
            values.append(np.concatenate(given, axis=0 if alike or "joined-by-examples" in wrong else 1))
        else:
            kernel, bias, activation = dense[symbol.layer]
            kernel = kernel.T if "kernel-turned" in wrong else kernel
            forms = {"bias-after-activation": activation(given[0] @ kernel) + bias}
            values.append(chosen(wrong, forms, activation(given[0] @ kernel + bias * ("bias-lost" not in wrong))))
        if kind != "input" and not {"kept-by-layer", "kept-by-layer-from-outside"}.isdisjoint(wrong):
            asked_first = "kept-by-layer" not in wrong and symbol.layer in (found[at].layer for at in symbol.operands)
            values[-1] = values[-1] if asked_first else by_layer.get(symbol.layer, values[-1])
            by_layer[symbol.layer] = values[-1]
    calls = _calls(found, [at in _needed(found) for at in range(len(found))])
    times = calls if "shared-counted-twice" in wrong else [min(count, 1) for count in calls]
    sizes = {at: kernel.size + ("bias-not-counted" not in wrong) * bias.size for at, (kernel, bias, _) in dense.items()}
    sizes |= {each.layer: 7 for (kind, *_), each in zip(inputs["steps"], found, strict=True) if kind == "double"}
    sizes = {at: size for at, size in sizes.items() if at in dense or "dense-counted-alone" not in wrong}
    turned = -1 if "kernel-made-turned" in wrong else 1
    return {
        "shape": [found[-1].width],
        "parameters": sum(times[at] * size for at, size in sizes.items()),
        "prediction": values[-1],
        "calls": _along_paths(found) if "path-by-path" in wrong else calls,
        "shapes": [[symbol.width] for symbol in found],
        "kept": [kind != "again" or "made-anew" not in wrong for kind, *_ in inputs["steps"]],
        "made": [[list(each.shape)[::turned], 0.0] for kernel, bias, _ in dense.values() for each in (kernel, bias)],
    }


def _added(given: list[Any], wrong: Collection[str]) -> Any:
    """The sum of some arrays."""
    if "added-in-place" in wrong:
        for each in given[1:]:
            given[0] += each  # in the very array of whoever gave it
        return given[0]
    return sum(chosen(wrong, {"skip-lost": given[1:], "two-only": given[:2]}, given))


def _along_paths(found: Sequence[Symbol]) -> list[int]:
    """How often each layer computes, where nobody remembers what is computed: 2ⁿ times."""
    times = [0] * (len(found) - 1) + [1]
    for at in reversed(range(len(found))):
        for operand in found[at].operands:
            times[operand] += times[at]
    return _calls(found, times)


def _calls(found: Sequence[Symbol], times: Sequence[int]) -> list[int]:
    """How often each layer computes, when its symbols are computed so often."""
    layers = range(1 + max(symbol.layer for symbol in found))
    return [sum(n for n, symbol in zip(times, found, strict=True) if symbol.layer == layer) for layer in layers]


def _needed(found: Sequence[Symbol]) -> set[int]:
    """The symbols that the last one needs."""
    needed = {len(found) - 1}
    for at in reversed(range(len(found))):
        needed.update(found[at].operands if at in needed else ())
    return needed


def _ordered(inputs: Tree, outputs: Tree) -> Slip | None:
    """Each layer once, and only those that are needed."""
    needed = [layer for layer, count in enumerate(oracle(inputs)["calls"]) if count]
    if len(outputs["layers"]) != len(needed) or sorted(outputs["layers"]) != needed:
        words = "`layers` should hold each layer between the inputs and the output once, and no other."
        return Slip("layers-not-once", words)
    found = symbols(inputs["steps"])
    places = {layer: place for place, layer in enumerate(outputs["layers"])} | {-1: -1}
    users = [found[at] for at in _needed(found)]
    if any(places[found[at].layer] > places[user.layer] for user in users for at in user.operands):
        return Slip("layers-users-first", "`layers` should name a layer behind those whose results it gets.")
    return None


def _explained(inputs: Tree, outputs: Tree) -> Slip | None:
    """A ValueError, of an Add with both sizes."""
    if inputs["what"] == "missing":
        return refused(outputs, [], "an Input that is needed and not given", when=", already by Model")
    kind, *rest = inputs["steps"][-1]
    what = "a third shape that is not that of the first two, in an Add" if len(rest) > 2 else "unequal shapes in an Add"
    what = "another width in a Dense that has its kernel" if kind == "again" else what
    return refused(outputs, map(str, inputs["named"]), what, it="both shapes")


def _zeros(inputs: Tree, outputs: Tree) -> Slip | None:
    """Kernel and bias begin with zeros."""
    words = "A Dense begins with zeros in its kernel and its bias."
    return Slip("begins-with-others", words) if any(most for _, most in outputs["made"]) else None


MISTAKES = known(__file__, lambda inputs, wrong: oracle(inputs, wrong) if "weights" in inputs else {"error": ""})

ERRORS = ("unequal", "third", "broadcast", "first sizes", "width")
MODELS = ("skip", "join", "shared", "bystander")
models = partial(Check, expected=oracle)
predictions = partial(models, outputs=("prediction",))
counts = partial(models, cases=(*MODELS, "chain"), outputs=("parameters",))
calls = partial(models, cases=("deep", "bystander", "skip"), outputs=("calls",))
errors, made = partial(Check, complaint=_explained), partial(models, complaint=_zeros)

CHECKS = (
    made("shapes", "Shapes follow from the inputs'", share=0.1, cases=MODELS, outputs=("shape", "shapes", "made")),
    counts("parameters", "The number of parameters; a shared layer counts once", share=0.2),
    predictions("skip", "A skip connection adds, a join concatenates", share=0.2, cases=("skip", "three", "join")),
    predictions("shared", "A layer that is called twice has one kernel", share=0.1),
    models("kept", "… and makes it once", share=0.05, cases=("shared",), outputs=("kept",), needs=("shared",)),
    models("chain", "One layer after another", share=0.1, outputs=("prediction", "shape")),
    calls("once", "Only what is needed, each Symbol once", share=0.05, complaint=_ordered),
    errors("errors", "Shapes that do not fit", share=0.15, cases=ERRORS, needs=("shapes",)),
    errors("missing", "A missing Input is found by Model", share=0.05, cases=("missing", "another"), needs=("shapes",)),
)

EXERCISE = Exercise("keras_graph", draw, CHECKS, **MISTAKES)
