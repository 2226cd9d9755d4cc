"""Check of `theano_function`: functions compiled from graphs, as in Theano."""

from functools import partial
from typing import Any

from lifelong.checks.expect import CheckFailed, Names, expect, known, lookup
from lifelong.checks.refusal import refused


def check(names: Names) -> str:
    """A counter, a swap, replacements, a missing input, too few and too many numbers, and a node used over and over."""
    function, var, shared = lookup(names, "function", "theano_function"), names["var"], names["shared"]
    x, y = var("x"), var("y")
    if isinstance(function([x], x + 1)(2), list):
        raise CheckFailed("function([x], x + 1)(2) should be the number 3, not a list: its output is one Expr.")
    expect(function([x], x + 1)(2), 3, "function([x], x + 1)(2)")
    expect(function([x, y], [x * y, x])(2, 5), [10, 2], "function([x, y], [x * y, x])(2, 5)")
    count = shared(0, "count")
    counter = function([x], x * count, updates=[(count, count + 1)])
    call = "with updates=[(count, count + 1)], function([x], x * count) called three times with 10"
    expect([counter(10) for _ in range(3)], [0, 10, 20], call, known("theano_function", "counter"))
    a, b = shared(1, "a"), shared(2, "b")
    function([], a, updates=[(a, b), (b, a)])()
    call = "with updates=[(a, b), (b, a)], the values after one call from 1 and 2"
    expect([a.value, b.value], [2, 1], call, known("theano_function", "swap"))
    xy = x * y
    expect(function([x, y], x + y, givens={x: y * 2})(3, 5), 15, "function([x, y], x + y, givens={x: y * 2})(3, 5)")
    expect(function([x], [xy + 1], givens={xy: x * x})(3), [10], "function([x], [x * y + 1], givens={x * y: x * x})(3)")
    total = shared(0, "total")
    function([x, y], x, updates=[(total, xy + 1)], givens={xy: x * x})(3, 5)
    call = "updates=[(total, x * y + 1)] with givens={x * y: x * x}: total after a call with x = 3, y = 5"
    expect(total.value, 10, call, [(16, "givens hold inside the updates, too.")])
    for numbers in ((), (2, 3)):
        call = f"function([x], x + 1), called with {len(numbers)} numbers,"
        refused(partial(function([x], x + 1), *numbers), call, kind=TypeError)
    refused(lambda: function([x], x * y), "function([x], x * y), before anybody calls it,", "y")
    namesake = "function([x], x, updates=[(a, x + z)]) for another variable z, which is called x, too,"
    refused(lambda: function([x], x, updates=[(a, x + var("x"))]), namesake, "x")
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
