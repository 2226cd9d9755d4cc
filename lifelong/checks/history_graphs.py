"""Checks of framework history, 2015 to 2017: Keras, TensorFlow, define-by-run, Torchnet, ONNX, and the timeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from lifelong.checks.expect import lookup
from lifelong.checks.failure import CheckFailed
from lifelong.checks.kinds import expect

Names = Mapping[str, Any]


def _refused(action: Callable[[], Any], text: str, *words: str) -> None:
    """A ValueError whose message holds these words."""
    try:
        action()
    except ValueError as error:
        for word in words:
            if word not in str(error):
                raise CheckFailed(f"{text}: the ValueError should hold {word}, but says: {error}") from None
        return
    except NotImplementedError:
        raise
    except Exception as error:
        raise CheckFailed(f"{text} should be a ValueError, but raises {type(error).__name__}: {error}") from None
    raise CheckFailed(f"{text} should be a ValueError, but nothing is raised.")


def keras_graph(names: Names) -> str:
    """The text's model, a shared layer, a join, two wrong shapes."""
    dense, add, join, model, chain = (
        lookup(names, name, "keras_graph") for name in ("Dense", "Add", "Concatenate", "Model", "chain")
    )
    source = names["Input"]
    inputs = source((784,))
    first, second, last = dense(64, "relu"), dense(64, "relu"), dense(10)
    h = first(inputs)
    if h.shape != (64,):
        raise CheckFailed(f"Dense(64) on (784,) should have the shape (64,), but has {h.shape}.")
    expect(first.count_params(), 50240, "Dense(64).count_params() on 784 inputs", [(50176, "The biases are missing.")])
    skip = add()
    net = model(inputs, last(skip([h, second(h)])))
    expect(net.count_params(), 55050, "count_params() of the model in the text")
    if sorted(map(id, net.layers)) != sorted(map(id, [first, second, skip, last])):
        raise CheckFailed(
            f"The model's `layers` should be its three Dense and its Add, each once, but are {net.layers!r}."
        )
    start = source((2,))
    twice = dense(2)
    shared = model(start, join()([twice(twice(start)), start]))
    twice.kernel, twice.bias = np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([1.0, 0.0])
    expect(shared.count_params(), 6, "the parameters of a Dense(2) that is called twice", [(12, "It has them once.")])
    expect(shared.predict(np.array([[1.0, 2.0]])), [[3, 5, 1, 2]], "Dense twice, joined with its input, on [[1, 2]]")
    one = dense(1, "relu")
    line = chain([source((2,)), one])
    one.kernel = np.array([[1.0], [-1.0]])
    expect(line.predict(np.array([[3.0, 1.0], [1.0, 3.0]])), [[2], [0]], "chain([Input((2,)), Dense(1, 'relu')])")
    _refused(lambda: add()([start, inputs]), "Add on (2,) and (784,)", "784", "2")
    _refused(lambda: twice(inputs), "A Dense made for width 2, called on (784,),")
    _refused(lambda: model(start, add()([start, source((2,))])), "A Model whose output needs another Input")
    deep = start
    for _ in range(18):
        deep = add()([deep, deep])
    expect(model(start, deep).predict(np.ones((1, 2))), [[2**18, 2**18]], "eighteen additions on top of each other")
    return "shapes, parameters, skip connections, and errors that say what does not fit."


def session_run(names: Names) -> str:
    """The text's example; a node that counts; feeding in the middle; variables in two sessions."""
    session, placeholder = lookup(names, "Session", "session_run"), names["placeholder"]
    variable, assign, compute = names["variable"], names["assign"], names["compute"]
    x = placeholder("x")
    y = compute(lambda a: a + 1, x)
    _same(session().run({"both": [x, y]}, {x: 2}), {"both": [2, 3]}, 'run({"both": [x, y]}, {x: 2})')
    _same(session().run((y,), {x: 2}), (3,), "run((y,), {x: 2})")
    _same(session().run(y, {y: 7}), 7, "run(y, {y: 7})")
    calls: list[int] = []

    def count() -> int:
        calls.append(1)
        return len(calls)

    noise = compute(count)
    total = compute(lambda a, b: a + b, noise, noise)
    compute(count, name="nobody asks for this")
    sess = session()
    _same(sess.run([total, noise]), [2, 1], "a node that counts its calls, fetched as [n + n, n],")
    _same(sess.run(total), 4, "the same n + n in the next run")
    if len(calls) != 2:
        raise CheckFailed(f"Two runs should have computed that node twice, but it was computed {len(calls)} times.")
    w = variable("w")
    start, more = assign(w, compute(lambda: 5)), assign(w, compute(lambda a: a + 1, w))
    first, second = session(), session()
    _refused(lambda: first.run(w), "run(w) before w was assigned", "w")
    _same(first.run(start), 5, "run(assign(w, 5))")
    _same(first.run(more), 6, "run(assign(w, w + 1))")
    _same(first.run(w), 6, "run(w) after it")
    _refused(lambda: second.run(w), "run(w) in another session", "w")
    _refused(lambda: second.run(y), "run(y) without x", "x")
    return "nested fetches, feeds anywhere, each node once a run, variables by session."


def _same(got: Any, right: Any, call: str) -> None:
    if type(got) is not type(right) or got != right:
        raise CheckFailed(f"{call} should be {right!r}, but is {got!r}.")


def gradient_tape(names: Names) -> str:
    """Each operator once in fractions, recording on and off, and Heron's rule for 2."""
    tape_class, variable, heron = (lookup(names, name, "gradient_tape") for name in ("Tape", "Variable", "heron"))
    x, y = variable(Fraction(2)), variable(Fraction(3))
    rules: list[tuple[str, Callable[[], Any], tuple[Any, Any, Any]]] = [
        ("x + y", lambda: x + y, (5, 1, 1)),
        ("x - y", lambda: x - y, (-1, 1, -1)),
        ("x * y", lambda: x * y, (6, 3, 2)),
        ("x / y", lambda: x / y, (Fraction(2, 3), Fraction(1, 3), Fraction(-2, 9))),
        ("1 - x", lambda: 1 - x, (-1, -1, 0)),
        ("1 / x", lambda: 1 / x, (Fraction(1, 2), Fraction(-1, 4), 0)),
        ("3 * x + 1", lambda: 3 * x + 1, (7, 3, 0)),
        ("x * x", lambda: x * x, (4, 4, 0)),
    ]
    for text, action, (value, dx, dy) in rules:
        with tape_class() as tape:
            result = action()
        for time in ("", " the second time"):
            found = tape.gradient(result, [x, y])
            _exact(result.value, value, f"x = 2, y = 3: the value of {text}")
            _exact(found[0], dx, f"x = 2, y = 3: the derivative of {text} for x{time}")
            _exact(found[1], dy, f"x = 2, y = 3: the derivative of {text} for y{time}")
    outside = x * y
    with tape_class() as tape:
        result = outside * x
    _exact(
        tape.gradient(result, [x])[0],
        6,
        "with x * y computed before the tape was opened: the derivative of (x * y) * x",
    )
    a = variable(Fraction(2))
    with tape_class() as tape:
        root = heron(a, Fraction(1, 100))
    _exact(root.value, Fraction(17, 12), "heron(2, 1/100)")
    _exact(tape.gradient(root, [a])[0], Fraction(13, 36), "the derivative of heron(2, 1/100)")
    _exact(
        heron(variable(Fraction(1, 4)), Fraction(1, 5)).value,
        Fraction(1, 4),
        "heron(1/4, 1/5): |1/16 − 1/4| is small enough",
    )
    _exact(heron(variable(Fraction(1, 4)), Fraction(1, 9)).value, Fraction(41, 80), "heron(1/4, 1/9)")
    return "exact derivatives, recorded only while a tape is open, in as many rounds as it takes."


def _exact(got: Any, right: Any, text: str) -> None:
    if isinstance(got, float):
        raise CheckFailed(f"{text} should be the fraction {right}, but is the float {got}: take numbers as they come.")
    if got != right:
        raise CheckFailed(f"{text} should be {right}, but is {got}.")


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
    seen: dict[str, tuple[Any, Any]] = {}

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
        if seen[name] != moment:
            raise CheckFailed(f"In {name} of the first epoch, (epoch, t) should be {moment}, but is {seen[name]}.")
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


def _noted(name: str, diary: list[str], seen: dict[str, tuple[Any, Any]]) -> Callable[[dict[str, Any]], None]:
    def hook(state: dict[str, Any]) -> None:
        diary.append(name)
        seen[name] = (state.get("epoch"), state["t"])

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
    feeds = {"x": np.array([[2.0, 0.0], [0.0, 1.0]])}
    expect(load(example)(feeds)[0], [[2.25], [0]], "the text's graph with alpha 2 and Relu, at [[2, 0], [0, 1]]")
    expect(
        load(model)({"x": np.array([[1.0, 1.0]])})[0],
        [[7, -1]],
        "your own export of a Linear and a Residual of Relu, at [[1, 1]]",
    )

    def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
        other: dict[str, Any] = json.loads(json.dumps(example))
        change(other)
        return other

    _refused(lambda: load(changed(lambda m: m["graph"]["node"][1].update(op_type="Softmax"))), "Softmax", "Softmax")
    _refused(lambda: load(changed(lambda m: m["opset_import"][0].update(version=21))), "Version 21", "21")
    _refused(
        lambda: load(changed(lambda m: m["graph"]["node"].reverse())), "A node that reads h before it is written", "h"
    )
    _refused(
        lambda: load(changed(lambda m: m["graph"]["node"][1].update(output=["h"]))), "A second output called h", "h"
    )
    return "there and back, with a skip connection, and four wrong graphs refused."


YEAR_KEYS = (
    "Torch,Theano,Torch7,Pylearn2,Keras,Chainer,TensorFlow,Torchnet,DyNet,PyTorch,ONNX,"
    "end of Theano,TensorFlow 2.0,last Chainer"
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


CHECKS = {
    check.__name__: check for check in (keras_graph, session_run, gradient_tape, sgd_engine, onnx_exchange, timeline)
}
"""By exercise id."""
