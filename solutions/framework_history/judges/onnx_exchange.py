"""Judge ``onnx_exchange``: exported models are run here, drawn ones are imported there, wrong ones must be refused."""

import hashlib
import json
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree, ended

from .checks import chosen, known, refused
from .onnx_graphs import LONGEST, OPERATIONS, Array, gemm, infer

Layers = list[Any]
Model = dict[str, Any]

ROWS = 5
REFUSED = Mistakes(beside=__file__).table["refused"]
"""By case, what is to be refused."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Networks to export, models to import, and models that are wrong in one way each."""
    cases = [Case(name, {"what": "export", "layers": layers}) for name, layers in _networks(rng).items()]
    for name, model in _models(rng).items():
        feeds = {name: rng.normal(size=(ROWS, 3)).round(2).tolist() for name in model["graph"]["input"]}
        cases.append(Case(name, {"what": "import", "json": json.dumps(model), "feeds": feeds}))
    for name, (model, culprit) in _wrong(rng).items():
        told = {"what": "refuse", "json": json.dumps(model), "named": culprit, "right": REFUSED[name]}
        cases.append(Case(name, told))
    return cases


def _networks(rng: np.random.Generator) -> dict[str, Layers]:
    def linear(inputs: int, outputs: int) -> list[Any]:
        weight = rng.normal(size=(outputs, inputs)).round(2).tolist()
        return ["Linear", weight, rng.normal(size=outputs).round(2).tolist()]

    networks = {
        "chain": [linear(3, 5), ["Tanh"], linear(5, 4)],
        "square": [linear(3, 3), ["Relu"], linear(3, 3), ["Tanh"]],
        "residual": [linear(3, 5), ["Residual", [linear(5, 4), ["Tanh"], linear(4, 5)]], ["Relu"], linear(5, 2)],
        "nested": [["Residual", [linear(3, 3), ["Residual", [["Tanh"], linear(3, 3)]], ["Tanh"]]]],
    }
    whole = ["Linear", rng.integers(-3, 4, (4, 3)).tolist(), rng.integers(-3, 4, 4).tolist()]
    return networks | {"whole": [whole, ["Residual", []], ["Tanh"]]}


def _models(rng: np.random.Generator) -> dict[str, Model]:
    names = [f"{name}{rng.integers(10, 99)}" for name in ("in", "weight", "bias", "h", "g", "out", "side")]
    x, w, b, h, g, out, side = names

    def model(
        weights: Mapping[str, Any], *nodes: Any, inputs: Any = None, outputs: Any = None, version: Any = 13
    ) -> Model:
        written = [
            {"op_type": op, "input": i, "output": [o], "attribute": dict(attributes)}
            for op, i, o, *more in nodes
            for attributes in (more or [{}])
        ]
        graph = {"input": inputs or [x], "output": outputs or [out], "initializer": dict(weights), "node": written}
        return {"ir_version": 8, "opset_import": [{"domain": "", "version": version}], "graph": graph}

    def numbers(*shape: int) -> Any:
        return rng.normal(size=shape).round(2).tolist()

    older = int(rng.integers(7, 13))
    alpha, beta = (float(each) for each in rng.uniform(0.5, 3, 2).round(2))
    scaled = {"alpha": alpha, "beta": beta, "transB": 0}
    both = {"transA": 0, "transB": 1, "alpha": alpha}
    sums = [("Add", [x, b], h), ("Mul", [h, "x"], g), ("Add", [g, h], out)]
    again = [("Mul", [w, w], b), ("Relu", [x], h), ("Add", [h, x], g), ("Relu", [g], side), ("Add", [side, g], out)]
    zeros = [("Gemm", [x, w, b], to, {**scaled, name: 0}) for name, to in (("alpha", h), ("beta", g))]
    turned = ("Gemm", [x, w, b], h, {"transB": 1})
    return {
        "transposed": model({w: numbers(3, 3), b: numbers(3)}, turned, ("Tanh", [h], out)),
        "straight": model({w: numbers(3, 3)}, ("Gemm", [x, w], h), ("Relu", [h], out)),
        "scaled": model({w: numbers(3, 3), b: numbers(3)}, ("Gemm", [x, w, b], out, scaled)),
        "zeros": model({w: numbers(3, 3), b: numbers(3)}, *zeros, ("Add", [h, g], out)),
        "both": model({w: numbers(4, 3)}, ("Gemm", [w, x], out, both)),
        "first": model({w: numbers(ROWS, 2)}, ("Gemm", [x, w], out, {"transA": 1})),
        "again": model({w: numbers(3, 3)}, *again, outputs=[out, b], version=older),
        "several": model({b: numbers(3)}, *sums, inputs=[x, "x"], outputs=[out, g], version=older),
    }


def _wrong(rng: np.random.Generator) -> dict[str, tuple[Model, str]]:
    """Models that must be refused, with what the message should name."""
    op = str(rng.choice(["Softmax", "Conv", "Erf", "Selu"]))
    version = int(rng.integers(14, 22))
    missing, twice = f"lost{rng.integers(10, 99)}", f"double{rng.integers(10, 99)}"
    models = _models(rng)
    latest = {"opset_import": models["transposed"]["opset_import"]}
    unknown, too_new, nobody, order, written_twice = (
        json.loads(json.dumps(models["several"] | latest)) for _ in range(5)
    )
    unknown["graph"]["node"][1]["op_type"] = op
    too_new["opset_import"][0]["version"] = version
    nobody["graph"]["node"][1]["input"][1] = missing
    first, second, third = order["graph"]["node"]
    first["output"], second["input"][0], third["input"][1] = [missing], missing, missing
    order["graph"]["node"] = [second, first, third]
    first, second, third = written_twice["graph"]["node"]
    first["output"], second["input"][0], third["input"] = [twice], twice, [twice, twice]
    written_twice["graph"]["output"], second["output"] = [third["output"][0]], [twice]
    no_bias, again, over, itself = (json.loads(json.dumps(models["transposed"])) for _ in range(4))
    no_bias["graph"]["node"][0]["input"][2] = missing
    itself["graph"]["node"][0]["input"][2:] = (own,) = itself["graph"]["node"][0]["output"]
    (weight, *_), (given,) = again["graph"]["initializer"], over["graph"]["input"]
    again["graph"]["node"][1]["output"] = again["graph"]["output"] = [weight]
    over["graph"]["node"][1]["output"] = over["graph"]["output"] = [given]
    wrong = {"unknown": (unknown, op), "too new": (too_new, str(version)), "nobody": (nobody, missing)}
    for op in ("Sub", "MatMul", "Sigmoid"):
        model = json.loads(json.dumps(unknown))
        model["graph"]["node"][1]["op_type"] = op
        wrong[op] = model, op
    second = json.loads(json.dumps(models["several"] | latest))
    second["opset_import"].append({"domain": "more", "version": version})
    wrong |= {"second too new": (second, str(version))}
    wrong |= {"no bias": (no_bias, missing), "over a weight": (again, weight), "over an input": (over, given)}
    return wrong | {"itself": (itself, own), "order": (order, missing), "twice": (written_twice, twice)}


def _point(inputs: Tree) -> Array:
    """Where exported networks are tried: nothing of it goes into the sandbox."""
    seed = hashlib.sha256(json.dumps(inputs["layers"]).encode()).digest()
    return np.random.default_rng(int.from_bytes(seed)).normal(size=(ROWS, 3))


def read(inputs: Tree, outputs: Tree) -> dict[str, Any]:
    """What the exported model computes; of other answers, all."""
    if inputs["what"] != "export":
        return dict(outputs)
    model = json.loads(outputs["json"])
    try:
        return {"model": model, "outputs": infer(model, {"x": _point(inputs)})}
    except Exception as error:  # what was exported may be anything
        where = error.args[1] if type(error) is ValueError and len(error.args) > 1 else ""
        return {"model": model, "problem": type(error).__name__, "where": where}


def described(inputs: Tree) -> str:
    """The kinds of layers, or the nodes with their inputs and attributes."""
    if inputs["what"] == "export":
        return f"with the layers {', '.join(kind for kind, *_ in inputs['layers'])}"
    nodes = json.loads(inputs["json"])["graph"]["node"]
    rows = ([*each["output"], each["op_type"], ", ".join(each["input"]), each["attribute"] or ""] for each in nodes)
    return f"with the nodes {', '.join('{} = {}({}) {}'.format(*row).strip() for row in rows)}"


def exported(inputs: Tree, wrong: Collection[str] = frozenset()) -> dict[str, Any]:
    """What an exported network computes, by someone who makes the mistakes of these names, if any."""
    if "arrays-left" in wrong:
        return ended("TypeError", "Object of type ndarray is not JSON serializable")

    def layered(layers: Layers, x: Array) -> Array:
        for kind, *content in layers:
            if kind == "Linear":
                weight, bias = (np.array(each) for each in content)
                x = x @ (weight if "weight-not-transposed" in wrong else weight.T)
                x = x if "bias-lost" in wrong else x + bias
            elif kind == "Residual":
                skips = {"skip-lost": 0, "skip-from-the-input": _point(inputs)}
                x = layered(content[0], x) + chosen(wrong, skips, x)
            else:
                x = OPERATIONS[kind](x)
        return x

    try:
        return {"outputs": [layered(inputs["layers"], _point(inputs))]}
    except ValueError:  # these shapes do not even fit
        return {"problem": "ValueError"}


def _scaling_c(a: Array, b: Array, *c: Array, **attribute: float) -> Array:
    """Gemm, by someone who multiplies C itself."""
    for each in c:
        each *= attribute.get("beta", 1.0)
    return gemm(a, b, *c, **attribute | {"beta": 1.0})


def imported(inputs: Tree, wrong: Collection[str] = frozenset()) -> dict[str, Any]:
    """What an imported model computes, by someone who makes the mistakes of these names, if any.

    Raises:
        ValueError, KeyError: the mistakes end in one.
    """
    if "right-models-refused" in wrong:
        raise ValueError("refused")
    if "x-and-y-only" in wrong:
        raise KeyError("x")
    fixed = {"always-transposed": {"transB": 1}, "never-transposed": {"transB": 0}, "transA-ignored": {"transA": 0}}
    fixed |= {"alpha-beta-ignored": {"alpha": 1, "beta": 1}, "alpha-ignored": {"alpha": 1}, "beta-ignored": {"beta": 1}}
    falsy = {"nought-for-absent": ("alpha", "beta"), "nought-alpha-for-absent": ("alpha",)}
    falsy |= {"nought-beta-for-absent": ("beta",)}
    model = json.loads(inputs["json"])
    graph, feeds = model["graph"], {name: np.array(each) for name, each in inputs["feeds"].items()}
    for node in graph["node"]:
        if node["op_type"] == "Gemm":
            by_default = {"transposed-by-default": {"transB": node["attribute"].get("transB", 1)}}
            node["attribute"] |= chosen(wrong, fixed | by_default, {})
            for name in chosen(wrong, falsy, ()):
                node["attribute"][name] = node["attribute"].get(name) or 1
            if "alpha-times-C" in wrong:
                node["attribute"]["beta"] = node["attribute"].get("beta", 1.0) * node["attribute"].get("alpha", 1.0)
            node["input"] = node["input"][:2] if "bias-ignored" in wrong else node["input"]
        if node["op_type"] == "Mul" and "product-of-matrices" in wrong and len({*node["input"]}) == 1:
            node["op_type"] = "Gemm"  # square ones, the only ones that can be multiplied so
        if node["op_type"] == "Relu" and "relu-in-place" in wrong and node["input"][0] in feeds:
            feeds[node["input"][0]] = np.maximum(feeds[node["input"][0]], 0)
    if "remembered-for-ever" in wrong:
        feeds = {name: each + 1 for name, each in feeds.items()}  # those that came first
    if "C-in-place" in wrong:
        graph["initializer"] = {name: np.array(each, dtype=float) for name, each in graph["initializer"].items()}
        infer(model, feeds, _scaling_c)  # it is called twice
    outputs = infer(model, feeds, _scaling_c if "C-in-place" in wrong else gemm)
    forms = {"first-output-only": [*outputs[0]], "last-output-only": outputs[-1:]}
    forms["one-is-no-list"] = outputs if len(outputs) > 1 else [*outputs[0]]
    return {"outputs": chosen(wrong, forms, outputs)}


def _form(inputs: Tree, outputs: Tree) -> Slip | str | None:
    """An exported model is an ONNX graph whose weights are written down."""
    if outputs.get("problem") == "TooLarge":
        return "the exported graph is larger than any of these networks: one node for each step, each W and b written down once, as it is."
    graph = outputs["model"]["graph"]
    flaw = _flaw(inputs, graph)
    if "problem" in outputs:
        words = f"the exported graph cannot be run{outputs['where']}"
        return flaw or f"{words}. Look at the names, the operations and their attributes."
    if graph["input"] != ["x"] or graph["output"] != ["y"]:
        return Slip("ends-misnamed", 'The graph should have the input "x" and the output "y".')
    versions = [each["version"] for each in outputs["model"]["opset_import"]]
    if not versions or not all(type(version) is int and version <= 13 for version in versions):
        words = "The exported model should be of opset version 13, which `import_onnx` takes."
        return Slip("too-new-an-export", words)
    if flaw:
        return flaw
    if any(np.asarray(each).dtype != float for each in graph["initializer"].values()):
        return Slip("ints-left", "Where W or b hold ints, so do your lists: write floats.")
    return None


def _flaw(inputs: Tree, graph: Mapping[str, Any]) -> Slip | None:
    """Which rule of names an exported graph breaks, or whose weights it lacks."""
    written = [*graph["input"], *graph["initializer"]]
    for node in graph["node"][:LONGEST]:
        if any(name not in written for name in node["input"]):
            words = "A node of your export reads a name that nothing before it has written."
            return Slip("reads-what-is-not-there", words)
        written += node["output"]
    if len({*written}) < len(written):
        words = "Your export writes a name twice: number the names through the whole network, within a Residual, too."
        return Slip("exports-a-name-twice", words)
    if any(name not in written for name in graph["output"]):
        return Slip("output-not-written", "No node of your export writes the graph's output: the last node's is \"y\".")
    if len(graph["initializer"]) != 2 * json.dumps(inputs["layers"]).count("Linear"):
        words = "There should be one initializer for every W and every b, each with a name of its own."
        return Slip("initializers-miscounted", words)
    return None


def mistaken(inputs: Tree, wrong: Collection[str]) -> dict[str, Any]:
    """What someone who makes the mistakes of these names has to show; what should be refused goes unnoticed."""
    simulate = {"export": exported, "import": imported}.get(inputs["what"])
    return simulate(inputs, wrong) if simulate else {"error": ""}


MISTAKES = known(__file__, mistaken)
network = partial(Check, expected=exported, complaint=_form)
model = partial(Check, expected=imported)
refusal = partial(
    Check,
    share=0.05,
    needs=("gemm",),
    complaint=lambda inputs, outputs: refused(outputs, [inputs["named"]], inputs["right"], when=", on import already"),
)

CHECKS = (
    network("export", "An exported chain computes the same", share=0.2, cases=("chain", "square")),
    network("residual", "… with skip connections", share=0.15, cases=("residual", "nested", "whole")),
    model("gemm", "Gemm, straight and transposed", share=0.2, cases=("transposed", "straight")),
    model("attributes", "Gemm's other attributes", share=0.1, cases=("scaled", "zeros", "both", "first")),
    model("several", "Several inputs and outputs, Add and Mul", share=0.15, cases=("several", "again")),
    refusal("unknown", "An unknown operation is refused and named", cases=("unknown", "Sub", "MatMul", "Sigmoid")),
    refusal("version", "So is a version that is too new", cases=("too new", "second too new")),
    refusal("order", "So is reading what nobody has written", cases=("nobody", "no bias", "itself", "order")),
    refusal("twice", "So is a name that is written twice", cases=("twice", "over a weight", "over an input")),
)

EXERCISE = Exercise("onnx_exchange", draw, CHECKS, read=read, described=described, **MISTAKES)
