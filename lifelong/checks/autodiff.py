"""Checks of automatic differentiation on single numbers: small examples by hand, in floats and in 50 digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lifelong.checks.expect import lookup
from lifelong.checks.failure import CheckFailed
from lifelong.checks.kinds import Known, by_paths, expect, expect_digits, in_digits
from lifelong.digits import Precise

Names = Mapping[str, Any]


def wengert_list(names: Names) -> str:
    """The three columns at (2, 3), and one more point."""
    values, tangents, adjoints = (
        lookup(names, f"wengert_{name}", "wengert_list") for name in ("values", "tangents", "adjoints")
    )
    expect(values(2.0, 3.0), [6, 4, 10, 3, 10 / 3], "wengert_values(2, 3)")
    expect(
        tangents(2.0, 3.0, 1.0, 0.0),
        [3, 4, 7, 3, -1],
        "wengert_tangents(2, 3, 1, 0)",
        [([3, 2, 5, 3, -5 / 3], "v2 = x1·x1 moves with 2·x1.")],
    )
    expect(
        tangents(2.0, 3.0, 0.0, 1.0),
        [2, 0, 2, 1, -4 / 9],
        "wengert_tangents(2, 3, 0, 1)",
        [([2, 0, 2, 2, -14 / 9], "v4 = v1 − x2 moves with −d2 too.")],
    )
    expect(
        adjoints(2.0, 3.0),
        [-7 / 9, 1 / 3, 1 / 3, -10 / 9, 1, -1, -4 / 9],
        "wengert_adjoints(2, 3)",
        [
            ([-7 / 9, 1 / 3, 1 / 3, -10 / 9, 1, -5 / 3, -4 / 9], "v2 = x1·x1 uses x1 twice, so it sends back 2·x1."),
            ([-7 / 9, 1 / 3, 1 / 3, -10 / 9, 1, -1, -14 / 9], "x2 is used twice: in v1 and in v4."),
        ],
    )
    call = "wengert_adjoints(2, 3)"
    found = in_digits(lambda: adjoints(Precise(2), Precise(3)), call)
    expect_digits(found[-2:], [Precise(-1), Precise(-4) / 9], call)
    return "all three columns agree with the table, and with a second direction."


def dual_numbers(names: Names) -> str:
    """Each rule once at x = 2 with slope 1, y = 4 with slope 3."""
    dual = lookup(names, "Dual", "dual_numbers")
    x, y = dual(2.0, 1.0), dual(4.0, 3.0)
    rules: list[tuple[str, Callable[[], Any], list[float], Known]] = [
        ("x + y", lambda: x + y, [6, 4], ()),
        ("x - y", lambda: x - y, [-2, -2], [([-2, 4], "The slope of y counts with a minus sign.")]),
        (
            "x * y",
            lambda: x * y,
            [8, 10],
            [([8, 3], "That is the product of the slopes; (ab)' = a'b + ab'."), ([8, 4], "The term ab' is missing.")],
        ),
        (
            "x / y",
            lambda: x / y,
            [0.5, -0.125],
            [([0.5, 0.625], "(a/b)' = (a'b − ab')/b², with a minus sign."), ([0.5, -0.5], "The denominator is b².")],
        ),
        ("-x", lambda: -x, [-2, -1], ()),
        ("y ** 3", lambda: y**3, [64, 144], [([64, 48], "The slope of y itself, 3, is missing: chain rule.")]),
        ("y ** -1", lambda: y**-1, [0.25, -3 / 16], ()),
        ("x + 5", lambda: x + 5, [7, 1], ()),
        ("5 + x", lambda: 5 + x, [7, 1], ()),
        ("x - 5", lambda: x - 5, [-3, 1], ()),
        ("5 - x", lambda: 5 - x, [3, -1], [([-3, 1], "That is x − 5: `__rsub__` has the right operand as self.")]),
        ("3 * y", lambda: 3 * y, [12, 9], ()),
        ("y / 2", lambda: y / 2, [2, 1.5], ()),
        ("8 / y", lambda: 8 / y, [2, -1.5], [([0.5, 0.375], "That is y / 8.")]),
        ("y.exp()", lambda: y.exp(), [54.598150033144236, 163.7944500994327], ()),
        ("y.log()", lambda: y.log(), [1.3862943611198906, 0.75], [([1.3862943611198906, 0.25], "Chain rule.")]),
        ("x.tanh()", lambda: x.tanh(), [0.9640275800758169, 0.07065082485316447], ()),
    ]
    for text, compute, right, known in rules:
        result = compute()
        if not isinstance(result, dual):
            raise CheckFailed(f"With x = Dual(2, 1), {text} should be a Dual, but is of type {type(result).__name__}.")
        expect(
            [result.value, result.slope],
            right,
            f"With x = Dual(2, 1) and y = Dual(4, 3), [value, slope] of {text}",
            known,
        )
    nested = dual(dual(2.0, 1.0), dual(1.0, 0.0)) ** 3
    expect(nested.slope.slope, 12, "With x = Dual(Dual(2, 1), Dual(1, 0)), (x ** 3).slope.slope")
    call = "the slope of log(x) / x at x = Dual(2, 1)"
    precise = dual(Precise(2), Precise(1))
    found = in_digits(lambda: (precise.log() / precise).slope, call)
    expect_digits(found, [(1 - Precise(2).log()) / 4], call)
    return "every rule holds, plain numbers on both sides too, and slopes of slopes."


def nested_derivatives(names: Names) -> str:
    """Derivatives in derivatives, with the values of the text."""
    D = lookup(names, "derivative", "nested_derivatives")
    expect(D(lambda x: 2 - x * x * 3 + x, 2.0), -11, "derivative(lambda x: 2 - x * x * 3 + x, 2)")
    expect(D(lambda x: 7, 2.0), 0, "derivative(lambda x: 7, 2)")
    expect(
        D(lambda x: D(lambda y: y * y * y, x), 2.0), 12, "derivative(lambda x: derivative(lambda y: y * y * y, x), 2)"
    )
    confusion = "Perturbation confusion: both calls share one ε. Each call needs a tag of its own."
    lost = "Where two tags meet, the newer one must win; here the inner ε got lost."
    expect(
        D(lambda x: x * D(lambda y: x + y, 1.0), 1.0),
        1,
        "derivative(lambda x: x * derivative(lambda y: x + y, 1), 1)",
        [(2, confusion), (0, lost)],
    )
    expect(
        D(lambda x: x * D(lambda y: x * y * y, 3.0), 2.0),
        24,
        "derivative(lambda x: x * derivative(lambda y: x * y * y, 3), 2)",
        [(21, confusion), (0, lost)],
    )
    expect(
        D(lambda x: x * D(lambda y: x * 5, 1.0), 3.0),
        0,
        "derivative(lambda x: x * derivative(lambda y: x * 5, 1), 3)",
        [(5, "The inner function does not depend on y, so its derivative is 0: that slope belongs to x.")],
    )
    call = "derivative(lambda x: x * derivative(lambda y: x * y * y, 3), 1/7)"
    found = in_digits(lambda: D(lambda x: x * D(lambda y: x * y * y, Precise(3)), Precise(1) / 7), call)
    expect_digits(found, [12 * (Precise(1) / 7)], call)
    return "nested as deep as you like, no ε is mistaken for another."


class _Node:
    """A node like the notebook's."""

    def __init__(self, parents: Sequence[Any] = ()) -> None:
        self.value, self.parents, self.grad = 1.0, tuple(parents), 0


def _times(factor: Any) -> Callable[[Any], Any]:
    return lambda g: g * factor


def backward_pass(names: Names) -> str:
    """A diamond, a short cut, a second call, a seed, sixty diamonds, a long chain."""
    backward = lookup(names, "backward", "backward_pass")

    def diamond(two: Any = 2.0) -> tuple[_Node, _Node, _Node]:
        a = _Node()
        b = _Node([(a, _times(two))])
        return a, b, _Node([(a, _times(5.0)), (b, _times(3.0)), (b, _times(10.0))])

    story = "A graph c = 5a + 3b + 10b with b = 2a: after backward(c),"
    a, b, c = diamond()
    backward(c)
    expect(c.grad, 1, f"{story} c.grad")
    expect(b.grad, 13, f"{story} b.grad", [(10, "b is used twice: add the two contributions.")])
    expect(
        a.grad,
        31,
        f"{story} a.grad",
        [
            (26, "The direct use of a got overwritten: add."),
            (5, "b sent nothing on, or was overwritten."),
            (25, "b sent its gradient on before all of it had arrived."),
            (11, "b sent its gradient on before all of it had arrived."),
            (36, "b was visited twice."),
        ],
    )
    backward(c)
    expect(a.grad, 31, "After a second backward(c), a.grad", [(62, "Set old gradients to 0 first.")])
    backward(c, 2.0)
    expect(a.grad, 62, "After backward(c, 2.0), a.grad", [(31, "The seed is the gradient of the output.")])
    top = _Node()
    early = _Node([(top, _times(1.0))])
    late = _Node([(early, _times(1.0))])
    out = _Node([(early, _times(1.0)), (late, _times(1.0))])
    backward(out)
    expect(
        top.grad,
        2,
        "d = c + b with c = b and b = a: after backward(d), a.grad",
        [(1, "b sent its gradient on before the part that comes over c had arrived: children before parents.")],
    )
    _check_large(backward)
    a, _, c = diamond(Precise(1) / 7)
    call = "a.grad of the diamond with b = a/7"
    in_digits(lambda: backward(c), call)
    expect_digits(a.grad, [5 + 13 * (Precise(1) / 7)], call)
    return "diamonds add up, nodes wait for all of their gradient, sixty diamonds and 20,000 nodes are no trouble."


def _check_large(backward: Callable[..., Any]) -> None:
    calls = 0

    def counted(g: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 5000:
            raise CheckFailed(
                "Sixty diamonds in a row (120 edges) took more than 5,000 pulls: you follow each of the 2^60 paths. Visit each node once, when all of its gradient has arrived."
            )
        return g * 0.5

    first = node = _Node()
    for _ in range(60):
        node = _Node([(node, counted), (node, counted)])
    backward(node)
    expect(first.grad, 1, "Sixty diamonds in a row, each with two edges of ½: the first node's grad")
    first = node = _Node()
    for _ in range(20_000):
        node = _Node([(node, _times(1.0))])
    try:
        backward(node)
    except RecursionError:
        raise CheckFailed(
            "A chain of 20,000 nodes ended in a RecursionError: a function that calls itself for every node goes too deep. Keep a list as a stack."
        ) from None
    expect(first.grad, 1, "A chain of 20,000 nodes: the first node's grad")


def scalar_tape(names: Names) -> str:
    """Each rule once, the pulls followed path by path."""
    value = lookup(names, "Value", "scalar_tape")
    rules: list[tuple[str, Callable[[Any, Any], Any], float, list[float]]] = [
        ("x + y", lambda x, y: x + y, 6, [1, 1]),
        ("x - y", lambda x, y: x - y, -2, [1, -1]),
        ("x * y", lambda x, y: x * y, 8, [4, 2]),
        ("x / y", lambda x, y: x / y, 0.5, [0.25, -0.125]),
        ("-x", lambda x, y: -x, -2, [-1, 0]),
        ("x ** 3", lambda x, y: x**3, 8, [12, 0]),
        ("y ** -1", lambda x, y: y**-1, 0.25, [0, -1 / 16]),
        ("5 + x", lambda x, y: 5 + x, 7, [1, 0]),
        ("x - 5", lambda x, y: x - 5, -3, [1, 0]),
        ("5 - x", lambda x, y: 5 - x, 3, [-1, 0]),
        ("3 * y", lambda x, y: 3 * y, 12, [0, 3]),
        ("y / 2", lambda x, y: y / 2, 2, [0, 0.5]),
        ("8 / y", lambda x, y: 8 / y, 2, [0, -0.5]),
        ("x.exp()", lambda x, y: x.exp(), 7.38905609893065, [7.38905609893065, 0]),
        ("y.log()", lambda x, y: y.log(), 1.3862943611198906, [0, 0.25]),
        ("x.tanh()", lambda x, y: x.tanh(), 0.9640275800758169, [0.07065082485316447, 0]),
        ("x * x + x * y", lambda x, y: x * x + x * y, 12, [8, 2]),
    ]
    for text, compute, right, gradient in rules:
        x, y = value(2.0), value(4.0)
        result = compute(x, y)
        if not isinstance(result, value):
            raise CheckFailed(f"With x = Value(2), {text} should be a Value, but is of type {type(result).__name__}.")
        story = f"With x = Value(2) and y = Value(4), {text}"
        expect(result.value, right, f"{story}")
        found = [by_paths(result, leaf, 1.0) for leaf in (x, y)]
        expect(found, gradient, f"{story}: the gradient for [x, y], by its pulls,")
    call = "the gradient of x.log() / x at x = Value(2)"
    x = value(Precise(2))
    found = in_digits(lambda: by_paths(x.log() / x, x, Precise(1)), call)
    expect_digits(found, [(1 - Precise(2).log()) / 4], call)
    return "every operator computes and records."


def hessian_vector(names: Names) -> str:
    """x0² x1, a function that is linear in an input, and one with exp."""
    product = lookup(names, "hessian_vector", "hessian_vector")
    expect(
        product(lambda x: x[0] * x[0] * x[1], [2.0, 3.0], [1.0, -1.0]),
        [2, 4],
        "hessian_vector(lambda x: x[0] * x[0] * x[1], [2, 3], [1, -1])",
        [
            ([12, 4], "That is the gradient; Hv is the slope of each grad."),
            ([12, -4], "That is the gradient times v; Hv is the slope of each grad."),
            ([10, 4], "That is H times a vector of ones: the slopes on the tape are v."),
            ([6, 0], "That is the diagonal only."),
        ],
    )
    expect(
        product(lambda x: x[0].exp() + 3 * x[1], [0.0, 1.0], [2.0, 5.0]),
        [2, 0],
        "hessian_vector(lambda x: x[0].exp() + 3 * x[1], [0, 1], [2, 5])",
    )
    call = "hessian_vector(lambda x: 1 / x[0], [7], [1])"
    found = in_digits(lambda: product(lambda x: 1 / x[0], [Precise(7)], [Precise(1)]), call)
    expect_digits(found, [Precise(2) / 343], call)
    return "curvature along v, without a Hessian."
