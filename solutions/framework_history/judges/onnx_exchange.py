"""Judge ``onnx_exchange``: exported models are run here, drawn ones are imported there, wrong ones must be refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistake, Tree

Array = np.ndarray[Any, Any]
Layers = list[Any]

ROWS = 5


def _gemm(a: Array, b: Array, c: Any = 0.0, /, **attribute: Any) -> Array:
    a, b = a.T if attribute.get("transA") else a, b.T if attribute.get("transB") else b
    return np.asarray(attribute.get("alpha", 1.0) * (a @ b) + attribute.get("beta", 1.0) * c)


OPERATIONS: dict[str, Callable[..., Array]] = {
    "Gemm": _gemm,
    "Add": lambda a, b: a + b,
    "Mul": lambda a, b: a * b,
    "Tanh": lambda a: np.tanh(a),
    "Relu": lambda a: np.maximum(a, 0),
}


def draw(rng: np.random.Generator) -> list[Case]:
    """Networks to export, models to import, and models that are wrong in one way each."""
    return [
        *(Case(name, {"what": "export", "layers": layers}) for name, layers in _networks(rng).items()),
        *(Case(name, _import(rng, model)) for name, model in _models(rng).items()),
        *(
            Case(name, {"what": "refuse", "json": json.dumps(model), "named": named})
            for name, (model, named) in _wrong(rng).items()
        ),
    ]


def _networks(rng: np.random.Generator) -> dict[str, Layers]:
    d, k, m = 3, 5, 4

    def linear(inputs: int, outputs: int) -> list[Any]:
        weight = rng.normal(size=(outputs, inputs)).round(2).tolist()
        return ["Linear", weight, rng.normal(size=outputs).round(2).tolist()]

    return {
        "chain": [linear(d, k), ["Tanh"], linear(k, m)],
        "square": [linear(d, d), ["Relu"], linear(d, d), ["Tanh"]],
        "residual": [linear(d, k), ["Residual", [linear(k, m), ["Tanh"], linear(m, k)]], ["Relu"], linear(k, 2)],
        "nested": [["Residual", [linear(d, d), ["Residual", [["Tanh"], linear(d, d)]], ["Tanh"]]]],
    }


def _models(rng: np.random.Generator) -> dict[str, dict[str, Any]]:
    names = [f"{name}{rng.integers(10, 99)}" for name in ("in", "weight", "bias", "h", "g", "out", "side")]
    x, w, b, h, g, out, side = names

    def model(inputs: list[str], outputs: list[str], initializer: Mapping[str, Any], *nodes: Any) -> dict[str, Any]:
        written = [
            {"op_type": op, "input": i, "output": [o], **({"attribute": a[0]} if a else {"attribute": {}})}
            for op, i, o, *a in nodes
        ]
        graph = {"input": inputs, "output": outputs, "initializer": dict(initializer), "node": written}
        return {"ir_version": 8, "opset_import": [{"domain": "", "version": 13}], "graph": graph}

    def numbers(*shape: int) -> Any:
        return rng.normal(size=shape).round(2).tolist()

    alpha, beta = (float(each) for each in rng.uniform(0.5, 3, 2).round(2))
    return {
        "transposed": model(
            [x], [out], {w: numbers(3, 3), b: numbers(3)}, ("Gemm", [x, w, b], h, {"transB": 1}), ("Tanh", [h], out)
        ),
        "straight": model([x], [out], {w: numbers(3, 3)}, ("Gemm", [x, w], h), ("Relu", [h], out)),
        "scaled": model(
            [x],
            [out],
            {w: numbers(3, 3), b: numbers(3)},
            ("Gemm", [x, w, b], out, {"alpha": alpha, "beta": beta, "transB": 0}),
        ),
        "both transposed": model(
            [x], [out], {w: numbers(4, 3)}, ("Gemm", [w, x], out, {"transA": 0, "transB": 1, "alpha": alpha})
        ),
        "first transposed": model([x], [out], {w: numbers(ROWS, 2)}, ("Gemm", [x, w], out, {"transA": 1})),
        "several": model(
            [x, side],
            [out, g],
            {b: numbers(3)},
            ("Add", [x, b], h),
            ("Mul", [h, side], g),
            ("Add", [g, h], out),
        ),
    }


def _import(rng: np.random.Generator, model: dict[str, Any]) -> dict[str, Any]:
    feeds = {name: rng.normal(size=(ROWS, 3)).round(2).tolist() for name in model["graph"]["input"]}
    return {"what": "import", "json": json.dumps(model), "feeds": feeds}


def _wrong(rng: np.random.Generator) -> dict[str, tuple[dict[str, Any], str]]:
    """Models that must be refused, with what the message should name."""

    def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        model: dict[str, Any] = json.loads(json.dumps(_models(rng)["several"]))
        change(model)
        return model

    op = str(rng.choice(["Softmax", "Conv", "Erf", "Selu"]))
    version = int(rng.integers(14, 22))
    missing, twice = f"lost{rng.integers(10, 99)}", f"double{rng.integers(10, 99)}"

    def unknown(model: dict[str, Any]) -> None:
        model["graph"]["node"][1]["op_type"] = op

    def too_new(model: dict[str, Any]) -> None:
        model["opset_import"][0]["version"] = version

    def nobody(model: dict[str, Any]) -> None:
        model["graph"]["node"][1]["input"][1] = missing

    def order(model: dict[str, Any]) -> None:
        model["graph"]["node"][0]["output"] = [missing]
        model["graph"]["node"][1]["input"][0] = missing
        model["graph"]["node"][2]["input"][1] = missing
        model["graph"]["node"].insert(0, model["graph"]["node"].pop(1))

    def written_twice(model: dict[str, Any]) -> None:
        node = model["graph"]["node"]
        node[0]["output"], node[1]["input"][0], node[2]["input"] = [twice], twice, [twice, twice]
        model["graph"]["output"], node[1]["output"] = [node[2]["output"][0]], [twice]

    return {
        "unknown": (changed(unknown), op),
        "too new": (changed(too_new), str(version)),
        "nobody": (changed(nobody), missing),
        "order": (changed(order), missing),
        "twice": (changed(written_twice), twice),
    }


def infer(model: Mapping[str, Any], feeds: Mapping[str, Array]) -> list[Array]:
    """What a model computes.

    Raises:
        ValueError: it is no model that can be run.
    """
    graph = model["graph"]
    values: dict[str, Array] = {name: np.asarray(each, dtype=float) for name, each in graph["initializer"].items()}
    if set(values) & set(feeds) or len(graph["node"]) > 100:
        raise ValueError("not a graph of ours")
    values |= feeds
    for node in graph["node"]:
        inputs = [values[name] for name in node["input"]]
        (output,) = node["output"]
        if output in values:
            raise ValueError(f"{output} is written twice")
        values[output] = OPERATIONS[node["op_type"]](*inputs, **node.get("attribute", {}))
    return [values[name] for name in graph["output"]]


def _point(inputs: Tree) -> Array:
    """Where exported networks are tried: nothing of it goes into the sandbox."""
    seed = hashlib.sha256(json.dumps(inputs["layers"]).encode()).digest()
    return np.random.default_rng(int.from_bytes(seed)).normal(size=(ROWS, 3))


def read(inputs: Tree, outputs: Tree) -> dict[str, Any]:
    """What the exported model computes; of other answers, all."""
    if inputs["what"] != "export":
        return dict(outputs)
    model = json.loads(outputs["json"])
    told: dict[str, Any] = {"model": model}
    try:
        told["outputs"] = infer(model, {"x": _point(inputs)})
    except Exception as error:  # what was exported may be anything
        told["problem"] = f"{type(error).__name__}"
    return told


def layered(layers: Layers, x: Array, skips: bool = True, transposed: bool = True, biases: bool = True) -> Array:
    """The output of layers, by someone who may have one thing wrong."""
    for kind, *content in layers:
        if kind == "Linear":
            weight, bias = (np.array(each) for each in content)
            x = x @ (weight.T if transposed else weight) + (bias if biases else 0)
        elif kind == "Residual":
            inner = layered(content[0], x, skips, transposed, biases)
            x = x + inner if skips else inner
        else:
            x = OPERATIONS[kind](x)
    return x


def _layered(**switches: bool) -> Callable[[Tree], dict[str, Any]]:
    def expected(inputs: Tree) -> dict[str, Any]:
        if inputs["what"] != "export":
            return {}
        try:
            return {"outputs": [layered(inputs["layers"], _point(inputs), **switches)]}
        except ValueError:  # these shapes do not even fit
            return {"problem": "ValueError"}

    return expected


def _imported(change: Callable[[dict[str, Any]], None] = lambda attribute: None, biases: bool = True) -> Any:
    """What imported models compute, with the attributes of Gemm changed."""

    def expected(inputs: Tree) -> dict[str, Any]:
        if inputs["what"] != "import":
            return {}
        model = json.loads(inputs["json"])
        for node in model["graph"]["node"]:
            if node["op_type"] == "Gemm":
                change(node["attribute"])
                node["input"] = node["input"] if biases else node["input"][:2]
        try:
            return {"outputs": infer(model, {name: np.array(each) for name, each in inputs["feeds"].items()})}
        except ValueError:  # these shapes do not even fit
            return {}

    return expected


def _without(*names: str) -> Callable[[dict[str, Any]], None]:
    def change(attribute: dict[str, Any]) -> None:
        for name in names:
            attribute.pop(name, None)

    return change


def _form(inputs: Tree, outputs: Tree) -> str | None:
    """Whether a model is an ONNX graph whose weights are written down."""
    if "problem" in outputs:
        return (
            "the exported graph cannot be run: look at the names (inputs written before they are read, none written twice), the operations and their attributes."
        )
    graph = outputs["model"]["graph"]
    if graph["input"] != ["x"] or graph["output"] != ["y"]:
        return 'the graph should have the input "x" and the output "y".'
    wanted = _linears(inputs["layers"])
    if len(graph["initializer"]) != 2 * wanted:
        return "there should be one initializer for every W and every b."
    return None


def _linears(layers: Layers) -> int:
    return sum(
        1 if kind == "Linear" else _linears(content[0]) if kind == "Residual" else 0 for kind, *content in layers
    )


def _refused(inputs: Tree, outputs: Tree) -> str | None:
    if outputs["error"] != "ValueError":
        return "`import_onnx` should raise a ValueError, before anything is computed."
    return None if inputs["named"] in outputs["message"] else "the ValueError's message should name the culprit."


def _accepted(*needles: str) -> Callable[[Tree], dict[str, Any]]:
    """No error for wrong models in which a name begins so."""
    return lambda inputs: {"error": ""} if inputs["named"].startswith(needles) else {}


EXPORTS = ("export", "residual")

EXERCISE = Exercise(
    id="onnx_exchange",
    draw=draw,
    read=read,
    checks=(
        Check(
            "export",
            "An exported chain computes the same",
            share=0.2,
            cases=("chain", "square"),
            expected=_layered(),
            complaint=_form,
        ),
        Check(
            "residual",
            "… with skip connections",
            share=0.15,
            cases=("residual", "nested"),
            expected=_layered(),
            complaint=_form,
        ),
        Check(
            "gemm", "Gemm, straight and transposed", share=0.2, cases=("transposed", "straight"), expected=_imported()
        ),
        Check(
            "attributes",
            "Gemm's other attributes",
            share=0.1,
            cases=("scaled", "both transposed", "first transposed"),
            expected=_imported(),
        ),
        Check(
            "several", "Several inputs and outputs, Add and Mul", share=0.15, cases=("several",), expected=_imported()
        ),
        Check(
            "unknown",
            "An unknown operation is refused and named",
            share=0.05,
            cases=("unknown",),
            complaint=_refused,
            needs=("gemm",),
        ),
        Check(
            "version",
            "So is a version that is too new",
            share=0.05,
            cases=("too new",),
            complaint=_refused,
            needs=("gemm",),
        ),
        Check(
            "order",
            "So is reading what nobody has written",
            share=0.05,
            cases=("nobody", "order"),
            complaint=_refused,
            needs=("gemm",),
        ),
        Check(
            "twice",
            "So is a name that is written twice",
            share=0.05,
            cases=("twice",),
            complaint=_refused,
            needs=("gemm",),
        ),
    ),
    mistakes=(
        Mistake("skip-lost", "A Residual is x + layers(x); your export forgets the x.", _layered(skips=False), EXPORTS),
        Mistake(
            "weight-not-transposed",
            "W is [out, in]: Gemm needs transB 1, as nn.Linear computes x Wᵀ + b.",
            _layered(transposed=False),
            EXPORTS,
        ),
        Mistake("bias-lost", "The biases are missing from your export.", _layered(biases=False), EXPORTS),
        Mistake(
            "always-transposed",
            "Your Gemm transposes B always: only where transB is 1.",
            _imported(lambda attribute: attribute.update(transB=1)),
            ("gemm", "attributes"),
        ),
        Mistake(
            "never-transposed",
            "Your Gemm never transposes B: transB 1 asks for it.",
            _imported(_without("transB")),
            ("gemm",),
        ),
        Mistake(
            "alpha-beta-ignored",
            "Gemm is α A B + β C: alpha or beta are ignored.",
            _imported(_without("alpha", "beta")),
            ("attributes",),
        ),
        Mistake("bias-ignored", "Your Gemm never adds C.", _imported(biases=False), ("gemm", "attributes")),
        Mistake(
            "unknown-accepted",
            "An operation that you do not know goes unnoticed on import: refuse it, and name it.",
            _accepted("Softmax", "Conv", "Erf", "Selu"),
            ("unknown",),
        ),
        Mistake(
            "any-version",
            "The version is not looked at: refuse what is newer than 13.",
            _accepted("1", "2"),
            ("version",),
        ),
        Mistake(
            "reads-what-is-not-there",
            "A node may only read graph inputs, initializers and outputs of earlier nodes: look, on import already.",
            _accepted("lost"),
            ("order",),
        ),
        Mistake(
            "written-twice-accepted",
            "No name may be written twice: refuse it.",
            _accepted("double"),
            ("twice",),
        ),
    ),
)
