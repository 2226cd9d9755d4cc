"""Checks of framework history, 2002 to 2013: bagging, Theano's graphs, Torch7's containers, Pylearn2's texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lifelong.checks.expect import lookup
from lifelong.checks.failure import CheckFailed
from lifelong.checks.kinds import Known, expect

Names = Mapping[str, Any]


class _Machine:
    """Says one number, whatever comes in."""

    def __init__(self, number: float) -> None:
        self.number = number

    def forward(self, inputs: Any) -> Any:
        return np.full(len(inputs), self.number)


class _Trainer:
    """Keeps the rows that it was given."""

    def __init__(self, number: float) -> None:
        self.machine, self.rows = _Machine(number), []  # type: ignore[var-annotated]

    def train(self, data: Any) -> None:
        self.rows = [int(row) for row in data.inputs[:, 0]]


def bagging_trainer(names: Names) -> str:
    """Two trainers on six rows, a bag in a bag, and three examples for the measurer."""
    bagging, measurer = (lookup(names, name, "bagging_trainer") for name in ("BaggingTrainer", "ClassErrorMeasurer"))
    data = lookup(names, "DataSet", "bagging_trainer")(np.arange(6.0).reshape(6, 1), np.arange(6.0))
    rng, trainers = np.random.default_rng(0), [_Trainer(1.0), _Trainer(4.0)]
    bag = bagging(trainers, rng)
    bag.train(data)
    for trainer, rows in zip(trainers, ([5, 3, 3, 1, 1, 0], [0, 0, 1, 4, 3, 5]), strict=True):
        if trainer.rows != rows:
            raise CheckFailed(
                f"With 6 rows and np.random.default_rng(0), the trainers should get the rows [5, 3, 3, 1, 1, 0] and [0, 0, 1, 4, 3, 5]; one gets {trainer.rows} in place of {rows}. Draw rng.integers(0, n, n) for each trainer in turn, and hand it data.select(rows)."
            )
    expect(bag.machine.forward(np.zeros((2, 1))), [2.5, 2.5], "the bag's machine, of machines that say 1 and 4,")
    outer = bagging([bag, _Trainer(7.5)], np.random.default_rng(1))
    outer.train(data)
    expect(outer.machine.forward(np.zeros((1, 1))), [5.0], "a bag of that bag and a machine that says 7.5")
    error = measurer()
    error.reset()
    error.add(np.array([5.0]), np.array([-1.0]))
    for _ in range(2):
        error.reset()
        error.add(np.array([3.0, -1.0]), np.array([1.0, 1.0]))
        error.add(np.array([2.0]), np.array([1.0]))
        expect(
            error.value(),
            1 / 3,
            "the error after add([3, -1], [1, 1]) and add([2], [1])",
            [
                (0.0, "That is the last batch alone."),
                (0.25, "That is the mean of the batches' errors; all examples count alike."),
                (2 / 3, "That is the share of right signs."),
                (1 / 2, "What was added before `reset()` still counts."),
            ],
        )
    return "trainers get samples of their own, bags nest, errors are counted."


def symbolic_grad(names: Names) -> str:
    """Each rule once at x = 2, y = 3, and a node that is used twice."""
    grad, var = lookup(names, "grad", "symbolic_grad"), names["var"]
    log, tanh = names["log"], names["tanh"]
    x, y = var("x"), var("y")
    rules: list[tuple[Any, list[float], Known]] = [
        (x + y, [1, 1], ()),
        (x - y, [1, -1], [([1, 1], "In x - y the derivative for y is −1.")]),
        (
            x * y,
            [3, 2],
            [([2, 3], "Each factor gets the other one's value."), ([3, 0], "The second factor gets nothing.")],
        ),
        (x / y, [1 / 3, -2 / 9], [([1 / 3, 2 / 9], "The derivative for y is −x/y²."), ([1 / 3, -2 / 3], "… /y².")]),
        (x**3, [12, 0], [([24, 0], "(x³)' = 3x²."), ([4, 0], "The factor 3 is missing.")]),
        (log(x) * y, [1.5, 0.6931471805599453], [([0.5, 0.6931471805599453], "Multiply by what comes from outside.")]),
        (tanh(x - y) + x, [1.4199743416140261, -0.4199743416140261], ()),
        (x * x, [4, 0], [([2, 0], "x is used twice: two contributions add up.")]),
    ]
    for cost, right, known in rules:
        found = grad(cost, [x, y])
        if not isinstance(found, list | tuple) or len(found) != 2:
            raise CheckFailed(f"grad({cost}, [x, y]) should be a list of two graphs, but is {found!r}.")
        for each in found:
            if not isinstance(each, names["Expr"]):
                raise CheckFailed(f"grad({cost}, [x, y]) should hold Exprs (graphs), but holds {each!r}.")
        values = [_value(names, each, {x: 2.0, y: 3.0}) for each in found]
        expect(values, right, f"at x = 2, y = 3: grad({cost}, [x, y])", known)
    deep = x
    for _ in range(12):
        deep = deep + deep
    if len(names["ancestors"](grad(deep, [x]))) > 500:
        raise CheckFailed(
            "For x + x, doubled twelve times, the gradient should have a few dozen nodes, but has hundreds: visit each node once, after all that use it."
        )
    return "eight derivatives at x = 2, y = 3, and a deep graph stays small."


def _value(names: Names, root: Any, at: Mapping[Any, float]) -> float:
    """The value of a small graph."""
    values: dict[Any, float] = dict(at)
    for node in names["ancestors"]([root]):
        if node.op == "const":
            values[node] = node.value
        elif node not in values:
            if node.op not in names["OPS"]:
                raise CheckFailed(f"The graph holds a node with the op {node.op!r}, which has no value.")
            values[node] = names["OPS"][node.op](*(values[each] for each in node.inputs))
    return float(values[root])


def simplify(names: Names) -> str:
    """The table of the text, and some more."""
    shorten, var, const = lookup(names, "simplify", "simplify"), names["var"], names["const"]
    exp = names["exp"]
    x, y = var("x"), var("y")
    examples = [
        (const(2) * 3 + x, 3, "2 * 3 is 6"),
        (const(2) ** 3 * x, 3, "2 ** 3 is 8"),
        (x**1 + y * 0, 1, "x ** 1 is x, y * 0 is 0"),
        ((2 * x) * (y * 3), 5, "a product has one constant: 6 * (x * y)"),
        (1 * x + x * 1, 3, "x + x is 2 * x"),
        (3 * (1 * x + 1 * x), 3, "simplify the inputs first: 6 * x"),
        ((x - x) * exp(y) + y**1, 1, "x - x is 0"),
        (x * y + 2 * (y * x), 5, "x * y and y * x are alike: 3 * (x * y)"),
        ((2 * x + y) + 3 * x, 5, "terms come together across the whole sum: 5 * x + y"),
        (y - 2 * x, 5, "a minus stays a minus"),
        (exp(x) ** 0, 1, "anything to the power of 0 is 1"),
    ]
    for formula, length, why in examples:
        text = names["show"](formula)
        result = shorten(formula)
        if not isinstance(result, names["Expr"]):
            raise CheckFailed(f"simplify({text}) should be an Expr, but is {result!r}.")
        if names["show"](formula) != text:
            raise CheckFailed(f"simplify({text}) changed the formula that it was given; build a new one.")
        at = {x: 0.7, y: 1.9}
        right, value = _value(names, formula, at), _value(names, result, at)
        if abs(value - right) > 1e-9:
            raise CheckFailed(
                f"simplify({text}) is {names['show'](result)}; at x = 0.7, y = 1.9 that is {value:.4g} in place of {right:.4g} ({why})."
            )
        if names["length"](result) > length:
            raise CheckFailed(
                f"simplify({text}) is {names['show'](result)} with {names['length'](result)} nodes; {length} are enough: {why}."
            )
    return "eleven formulas have kept their values and lost what they can lose."


def theano_function(names: Names) -> str:
    """A counter, a swap, a replacement, a missing input, and a node used over and over."""
    function, var, shared = lookup(names, "function", "theano_function"), names["var"], names["shared"]
    x, y = var("x"), var("y")
    if isinstance(function([x], x + 1)(2), list):
        raise CheckFailed("function([x], x + 1)(2) should be the number 3, not a list: its output is one Expr.")
    expect(function([x], x + 1)(2), 3, "function([x], x + 1)(2)")
    expect(function([x, y], [x * y, x])(2, 5), [10, 2], "function([x, y], [x * y, x])(2, 5)")
    count = shared(0, "count")
    counter = function([x], x * count, updates=[(count, count + 1)])
    expect(
        [counter(10) for _ in range(3)],
        [0, 10, 20],
        "with updates=[(count, count + 1)], function([x], x * count) called three times with 10",
        [
            ([10, 20, 30], "The outputs belong to the old values."),
            ([0, 0, 0], "The shared value has not changed, or was read only once."),
        ],
    )
    a, b = shared(1, "a"), shared(2, "b")
    function([], a, updates=[(a, b), (b, a)])()
    expect(
        [a.value, b.value],
        [2, 1],
        "with updates=[(a, b), (b, a)], the values after one call from 1 and 2",
        [([2, 2], "Compute all new values first, then set them.")],
    )
    product = x * y
    expect(
        function([x], product + 1, givens={product: x * x})(3), 10, "function([x], x * y + 1, givens={x * y: x * x})(3)"
    )
    try:
        function([x], x * y)
    except ValueError as error:
        if "y" not in str(error):
            raise CheckFailed(f"The ValueError of function([x], x * y) should name y, but says: {error}") from None
    else:
        raise CheckFailed("function([x], x * y) should raise a ValueError that names y, before anybody calls it.")
    deep = x
    for _ in range(18):
        deep = deep + deep
    calls = 0

    class Number(float):
        def __add__(self, other: Any) -> Any:
            nonlocal calls
            calls += 1
            return Number(float(self) + float(other))

    function([x], deep)(Number(1))
    if calls > 18:
        raise CheckFailed(f"18 nodes on top of each other took {calls} additions: compute each node once a call.")
    return "one output or several, updates at once, replacements, and each node once."


def scan_loop(names: Names) -> str:
    """Small powers and scans by hand."""
    power, scan = (lookup(names, name, "scan_loop") for name in ("power", "scan"))
    slide = "The slide's loop: it starts with A and still multiplies k times."
    expect(power(2, 3), 8, "power(2, 3)", [(16, slide), (4, "Once too little.")])
    array = np.array([1.0, 2.0, 3.0])
    expect(power(array, 2), [1, 4, 9], "power([1, 2, 3], 2)", [([1, 8, 27], slide)])
    expect(
        power(array, 0), [1, 1, 1], "power([1, 2, 3], 0)", [([1, 2, 3], "Start with ones."), (1, "An array of ones.")]
    )
    calls: list[tuple[str, Callable[[], Any], list[float], Known]] = [
        (
            "scan(lambda s, p: p + s, [[1, 2, 3]], 0)",
            lambda: scan(lambda s, p: p + s, [[1, 2, 3]], 0),
            [1, 3, 6],
            [([0, 1, 3, 6], "Without the initial value."), ([1, 2, 3], "Each step gets the result before it.")],
        ),
        ("scan(lambda p, A: p * A, [], 1, [2], 3)", lambda: scan(lambda p, A: p * A, [], 1, [2], 3), [2, 4, 8], ()),
        (
            "scan(lambda s, p, c: 100 * s + 10 * p + c, [[1, 2]], 0, [7])",
            lambda: scan(lambda s, p, c: 100 * s + 10 * p + c, [[1, 2]], 0, [7]),
            [107, 1277],
            (),
        ),
        ("scan(lambda s: 2 * s, [[1, 2, 3]])", lambda: scan(lambda s: 2 * s, [[1, 2, 3]]), [2, 4, 6], ()),
        (
            "scan(lambda a, b: a * b, [[1, 2, 3], [4, 5]])",
            lambda: scan(lambda a, b: a * b, [[1, 2, 3], [4, 5]]),
            [4, 10],
            (),
        ),
        (
            "scan(lambda s, p: p + s, [[1, 2, 3]], 0, n_steps=2)",
            lambda: scan(lambda s, p: p + s, [[1, 2, 3]], 0, n_steps=2),
            [1, 3],
            [([1, 3, 6], "n_steps ends it earlier.")],
        ),
    ]
    for text, call, right, known in calls:
        expect(call(), right, text, known)
    try:
        scan(lambda p: p, [], 1)
    except ValueError:
        return "powers to 0 and up, and six scans."
    raise CheckFailed("scan(lambda p: p, [], 1) has neither sequences nor n_steps: raise a ValueError.")


def torch7_containers(names: Names) -> str:
    """The text's example, a chain of two layers, and a nest."""
    sequential, table = (lookup(names, name, "torch7_containers") for name in ("Sequential", "ConcatTable"))
    linear, identity, join = (names[name] for name in ("nnLinear", "nnIdentity", "nnCAddTable"))
    if sequential().add(identity()) is None:
        raise CheckFailed("add(module) should return the container, so that calls can be chained.")
    x, g = np.array([[1.0, 2.0]]), np.array([[3.0, 5.0]])
    net = sequential().add(table().add(identity()).add(identity())).add(join())
    expect(net.forward(x), [[2, 4]], "2x by a table: net.forward([[1, 2]])")
    expect(
        net.backward(x, g),
        [[6, 10]],
        "2x by a table: net.backward([[1, 2]], [[3, 5]])",
        [([[3, 5]], "The input was used twice: the gradients add up.")],
    )
    first, second = linear([[1, 0], [1, 1]], [0, 0]), linear([[2, 1]], [1])
    net = sequential().add(sequential().add(first)).add(second)
    expect(net.forward(x), [[6]], "a chain of two Linear: net.forward([[1, 2]])")
    net.zeroGradParameters()
    expect(net.backward(x, np.array([[1.0]])), [[3, 1]], "a chain of two Linear: net.backward([[1, 2]], [[1]])")
    story = "after one backward, the second layer's gradWeight"
    expect(second.gradWeight, [[1, 3]], story, [([[1, 2]], "Each module needs the input that it got in forward.")])
    net.backward(x, np.array([[1.0]]), 2.0)
    expect(first.gradWeight, [[6, 12], [3, 6]], "after a second one with scale 2, the first layer's gradWeight")
    if len(net.parameters()) != 2 or [len(each) for each in net.parameters()] != [4, 4]:
        raise CheckFailed(
            f"net.parameters() should be two flat lists, 4 parameters and their 4 gradients, nested containers included; it is {net.parameters()!r}."
        )
    net.zeroGradParameters()
    expect(first.gradWeight, [[0, 0], [0, 0]], "after zeroGradParameters, the first layer's gradWeight")
    return "chains, tables and nests hand gradients on."


def yaml_objects(names: Names) -> str:
    """An object, a nest, an anchor, and two texts that mean ill."""
    load = lookup(names, "load", "yaml_objects")

    class Point:
        def __init__(self, **content: Any) -> None:  # what is filled in later only comes too late
            self.content = {
                key: type(each)(each) if isinstance(each, list | dict) else each for key, each in content.items()
            }

    allowed = {"a.Point": Point}
    point = load("!obj:a.Point {x: 1, y: 2}", allowed)
    if not isinstance(point, Point) or point.content != {"x": 1, "y": 2}:
        raise CheckFailed(f'load("!obj:a.Point {{x: 1, y: 2}}", …) should be Point(x=1, y=2), but is {point!r}.')
    outer = load("!obj:a.Point {parts: [&p !obj:a.Point {x: 1}, *p], by: {name: *p}}", allowed)
    parts = outer.content.get("parts", [])
    if len(parts) != 2 or not isinstance(parts[0], Point) or parts[0].content != {"x": 1}:
        raise CheckFailed(
            f"In !obj:a.Point {{parts: [&p !obj:a.Point {{x: 1}}, *p]}}, `parts` should hold two Points, but is {parts!r}: the mapping must be built deep."
        )
    if not (parts[0] is parts[1] is outer.content["by"].get("name")):
        raise CheckFailed("An alias *p should give the very object of its anchor &p.")
    try:
        load("!obj:os.getcwd {}", allowed)
    except ValueError as error:
        if "os.getcwd" not in str(error):
            raise CheckFailed(f"The ValueError should hold the name os.getcwd, but says: {error}") from None
    except Exception as error:
        kind = type(error).__name__
        raise CheckFailed(f"!obj:os.getcwd should be a ValueError, but raises {kind}: {error}.") from None
    else:
        raise CheckFailed("!obj:os.getcwd is not in `allowed`, and should be a ValueError.")
    if any(tag is not None and tag.startswith("!obj") for tag in names["yaml"].SafeLoader.yaml_multi_constructors):
        raise CheckFailed("yaml.SafeLoader itself has learnt `!obj:`: add the constructor to a class of your own.")
    for text in ("!!python/object/apply:len [[1, 2]]", "rate: !import 'os.getcwd'"):
        try:
            built = load(text, allowed)
        except Exception:  # any error is a refusal
            continue
        raise CheckFailed(f"{text} should be refused, but gives {built!r}.")
    return "objects are built, anchors shared, and what is not allowed is refused."


CHECKS = {
    check.__name__: check
    for check in (bagging_trainer, symbolic_grad, simplify, theano_function, scan_loop, torch7_containers, yaml_objects)
}
"""By exercise id."""
