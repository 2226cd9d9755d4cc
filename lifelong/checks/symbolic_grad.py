"""Check of `symbolic_grad`: symbolic gradients, as in Theano."""

from typing import Any

from lifelong.checks.expect import CheckFailed, Known, Names, expect, lookup
from lifelong.checks.formulas import value_of


def check(names: Names) -> str:
    """Each rule once at x = 2, y = 3, and a node that is used twice."""
    grad, var = lookup(names, "grad", "symbolic_grad"), names["var"]
    log, tanh = names["log"], names["tanh"]
    x, y = var("x"), var("y")
    times = [([2, 3], "Each factor gets the other one's value."), ([3, 0], "The second factor gets nothing.")]
    rules: list[tuple[Any, list[float], Known]] = [
        (x + y, [1, 1], ()),
        (x - y, [1, -1], [([1, 1], "In x - y the derivative for y is −1.")]),
        (x * y, [3, 2], times),
        (x / y, [1 / 3, -2 / 9], [([1 / 3, 2 / 9], "The derivative for y is −x/y²."), ([1 / 3, -2 / 3], "… /y².")]),
        (x**3, [12, 0], [([24, 0], "(x³)' = 3x²."), ([4, 0], "The factor 3 is missing.")]),
        (x**2.5 * y, [21.213203435596427, 5.656854249492381], ()),
        (5 * (x / y), [5 / 3, -10 / 9], [([5 / 3, -2 / 9], "Multiply by what comes from outside.")]),
        (log(x) * y, [1.5, 0.6931471805599453], [([0.5, 0.6931471805599453], "Multiply by what comes from outside.")]),
        (names["exp"](x) * y, [22.16716829679195, 7.38905609893065], ()),
        (x * x, [4, 0], [([2, 0], "x is used twice: two contributions add up.")]),
        (tanh(x - y) + x, [1.4199743416140261, -0.4199743416140261], ()),
    ]
    for cost, right, known in rules:
        found = grad(cost, [x, y])
        if not isinstance(found, list | tuple) or len(found) != 2:
            raise CheckFailed(f"grad({cost}, [x, y]) should be a list of two graphs, but is {found!r}.")
        for each in found:
            if not isinstance(each, names["Expr"]):
                raise CheckFailed(f"grad({cost}, [x, y]) should hold Exprs (graphs), but holds {each!r}.")
        values = [value_of(names, each, {x: 2.0, y: 3.0}) for each in found]
        expect(values, right, f"at x = 2, y = 3: grad({cost}, [x, y])", known)
    other = value_of(names, grad(x * y, [var("x")])[0], {x: 2.0, y: 3.0})
    expect(other, 0, "the derivative of x * y for another variable that is called x, too,")
    deep = x
    for _ in range(12):
        deep = deep + deep
    if len(names["ancestors"](grad(deep, [x]))) > 500:
        message = "For x + x, doubled twelve times, the gradient should have a few dozen nodes, but has hundreds: visit each node once, after all that use it."
        raise CheckFailed(message)
    return "eleven derivatives at x = 2, y = 3, and a deep graph stays small."
