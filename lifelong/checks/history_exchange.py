"""Checks of framework history, 2016 and 2017: Torchnet's engine, ONNX, and the timeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lifelong.checks.expect import lookup
from lifelong.checks.failure import CheckFailed
from lifelong.checks.history_graphs import refused
from lifelong.checks.kinds import expect

Names = Mapping[str, Any]


class _Network:
    """y = w x in Torch7's manner."""

    def __init__(self, diary: list[str]) -> None:
        self.diary, self.w, self.dw, self.output = diary, 1.0, 0.0, 0.0

    def training(self) -> None:
        self.diary.append("training()")

    def evaluate(self) -> None:
        self.diary.append("evaluate()")

    def forward(self, x: float) -> float:
        self.diary.append("forward")
        self.output = self.w * x
        return self.output

    def zeroGradParameters(self) -> None:  # noqa: N802 – Torch7's own name
        self.dw = 0.0

    def backward(self, x: float, g: float) -> float:
        self.diary.append("backward")
        self.dw += g * x
        return g * self.w

    def updateParameters(self, rate: float) -> None:  # noqa: N802 – Torch7's own name
        self.diary.append("update")
        self.w -= rate * self.dw


class _Criterion:
    """The error itself."""

    output = gradInput = 0.0  # noqa: N815 – Torch7's own name

    def forward(self, y: float, t: float) -> float:
        self.output = y - t
        return self.output

    def backward(self, y: float, t: float) -> float:
        self.gradInput = 1.0
        return 1.0


STEP = ["onSample", "forward", "onForward", "onForwardCriterion", "onBackwardCriterion", "backward", "onBackward"]


def sgd_engine(names: Names) -> str:
    """One epoch of one sample, a stop after two epochs of nine, and a test."""
    engine_class = lookup(names, "SGDEngine", "sgd_engine")
    diary: list[str] = []
    seen: dict[str, tuple[Any, ...]] = {}

    def samples() -> list[dict[str, float]]:
        return [{"input": 2.0, "target": 1.0}]

    def made() -> Any:
        engine = engine_class()
        for name in ("onStart", "onStartEpoch", "onUpdate", "onEndEpoch", "onEnd", *STEP):
            if name.startswith("on"):
                engine.hooks[name] = _noted(name, diary, seen)
        return engine

    network = _Network(diary)
    made().train(network, _Criterion(), samples, 0.1, 1)
    right = ["onStart", "training()", "onStartEpoch", *STEP, "update", "onUpdate", "onEndEpoch", "onEnd"]
    _ordered(diary, right, "one epoch of one sample")
    expect(network.w, 0.8, "y = w x from w = 1 after one step of rate 0.1 at x = 2: w")
    for name, moment in (("onSample", (0, 0)), ("onUpdate", (0, 1)), ("onEndEpoch", (1, 1))):
        if seen[name][:2] != moment:
            raise CheckFailed(f"In {name} of the first epoch, (epoch, t) should be {moment}, but is {seen[name][:2]}.")
    if seen["onSample"][2] != samples()[0]:
        raise CheckFailed(f"In onSample, state['sample'] should be the new sample, but is {seen['onSample'][2]!r}.")
    network = _Network([])
    engine_class().train(network, _Criterion(), lambda: samples() + samples(), 0.1, 1)
    known = [(0.4, "Zero the gradients before each backward.")]
    expect(network.w, 0.6, "y = w x from w = 1 after two such samples: w", known)
    engine, network = engine_class(), _Network([])

    def stop(state: dict[str, Any]) -> None:
        state["lr"] /= 2
        if state["epoch"] == 2:
            state["maxepoch"] = 2

    engine.hooks["onEndEpoch"] = stop
    state = engine.train(network, _Criterion(), samples, 0.1, 9)
    if state is None or state["epoch"] != 2:
        raise CheckFailed("A hook set state['maxepoch'] to 2 after two epochs of nine, but training went on.")
    expect(
        network.w,
        0.7,
        "with a hook that halves state['lr'] after each epoch, w after two epochs",
        [(0.6, "Read state['lr'].")],
    )
    diary.clear()
    made().test(_Network(diary), samples, _Criterion())
    right = ["onStart", "evaluate()", "onSample", "forward", "onForward", "onForwardCriterion", "onEnd"]
    _ordered(diary, right, "a test of one sample")
    return "hooks in their order, a state that hooks may change, and tests that do not train."


def _noted(name: str, diary: list[str], seen: dict[str, tuple[Any, ...]]) -> Callable[[dict[str, Any]], None]:
    def hook(state: dict[str, Any]) -> None:
        diary.append(name)
        seen[name] = (state.get("epoch"), state["t"], state["sample"])

    return hook


def _ordered(diary: list[str], right: list[str], story: str) -> None:
    for at, (got, wanted) in enumerate(zip([*diary, "the end"], [*right, "the end"], strict=False)):
        if got != wanted:
            before = right[at - 1] if at else "the start"
            raise CheckFailed(f"In {story}, after {before} should come {wanted}, but there comes {got}.")


def onnx_exchange(names: Names) -> str:
    """A skip connection there and back, the text's graph, and three wrong ones."""
    export, load = (lookup(names, name, "onnx_exchange") for name in ("export_onnx", "import_onnx"))
    layers = [("Linear", np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([0.5, 0.0])), ("Residual", [("Relu",)])]
    model = export(layers)
    try:
        model = json.loads(json.dumps(model))
    except TypeError as error:
        raise CheckFailed(
            f"json.dumps does not take the exported dict: {error}. Arrays become lists by .tolist()."
        ) from None
    graph = model["graph"]
    if (graph["input"], graph["output"]) != (["x"], ["y"]):
        raise CheckFailed(
            f'The graph should have the input ["x"] and the output ["y"], but has {graph["input"]}, {graph["output"]}.'
        )
    operations = [node["op_type"] for node in graph["node"]]
    if operations != ["Gemm", "Relu", "Add"]:
        raise CheckFailed(f"Linear and a Residual of Relu should be the nodes Gemm, Relu, Add, but are {operations}.")
    example: dict[str, Any] = {
        "ir_version": 8,
        "opset_import": [{"domain": "", "version": 13}],
        "graph": {
            "input": ["x"],
            "output": ["y"],
            "initializer": {"W": [[0.5, -1.0]], "b": [0.25]},
            "node": [
                {
                    "op_type": "Gemm",
                    "input": ["x", "W", "b"],
                    "output": ["h"],
                    "attribute": {"transB": 1, "alpha": 2.0},
                },
                {"op_type": "Relu", "input": ["h"], "output": ["y"], "attribute": {}},
            ],
        },
    }

    def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        other: dict[str, Any] = json.loads(json.dumps(example))
        change(other)
        return other

    plain = changed(lambda m: m["graph"]["node"][0].update(attribute={}, input=["x", "W"]))
    plain["graph"]["initializer"]["W"] = [[1.0, 2.0], [3.0, 4.0]]
    feeds = {"x": np.array([[2.0, 0.0], [0.0, 1.0]])}
    expect(load(example)(feeds)[0], [[2.25], [0]], "the text's graph with alpha 2 and Relu, at [[2, 0], [0, 1]]")
    expect(load(plain)({"x": np.array([[1.0, 0.0]])})[0], [[1, 2]], "Gemm without attributes and C, at [[1, 0]]")
    expect(
        load(model)({"x": np.array([[1.0, 1.0]])})[0],
        [[7, -1]],
        "your own export of a Linear and a Residual of Relu, at [[1, 1]]",
    )

    refused(lambda: load(changed(lambda m: m["graph"]["node"][1].update(op_type="Softmax"))), "Softmax", "Softmax")
    refused(lambda: load(changed(lambda m: m["opset_import"][0].update(version=21))), "Version 21", "21")
    refused(
        lambda: load(changed(lambda m: m["graph"]["node"].reverse())), "A node that reads h before it is written", "h"
    )

    def twice(other: dict[str, Any]) -> None:
        first, second = other["graph"]["node"]
        first["output"], second["input"], second["output"] = ["twin"], ["twin"], ["twin"]
        other["graph"]["output"] = ["twin"]

    refused(lambda: load(changed(twice)), "A second output called twin", "twin")
    return "there and back, with a skip connection, and four wrong graphs refused."


YEAR_KEYS = (
    "Torch,Theano,Torch7,Pylearn2,Keras,Chainer,TensorFlow,Torchnet,DyNet,PyTorch,ONNX,end of Theano,TensorFlow 2.0,last Chainer"
).split(",")
IDEA_KEYS = "bagging,compiler,text,sequential,numpy,by run,session,batching,exchange".split(",")
CANDIDATES = "Torch,Theano,Pylearn2,Keras,Autograd,Chainer,TensorFlow,DyNet,ONNX".split(",")


def timeline(names: Names) -> str:
    """Whether both tables are complete; never whether they are right."""
    years, introduced = (lookup(names, name, "timeline")() for name in ("years", "introduced"))
    for name, table, keys in (("years", years, YEAR_KEYS), ("introduced", introduced, IDEA_KEYS)):
        if not isinstance(table, Mapping):
            raise CheckFailed(f"{name}() should return a dict, but returns {table!r}.")
        for key in keys:
            if key not in table:
                raise CheckFailed(f"{name}() has no entry {key!r}.")
    for key in YEAR_KEYS:
        if type(years[key]) is not int or not 1990 <= years[key] <= 2030:
            raise CheckFailed(f"years()[{key!r}] should be a year, an int, but is {years[key]!r}.")
    for key in IDEA_KEYS:
        if introduced[key] not in CANDIDATES:
            raise CheckFailed(
                f"introduced()[{key!r}] is {introduced[key]!r}, which is not one of {', '.join(CANDIDATES)}."
            )
    return "recorded: 14 years and 9 names."


CHECKS = {check.__name__: check for check in (sgd_engine, onnx_exchange, timeline)}
"""By exercise id."""
