"""Check of `backward_pass`: the backward pass over a graph, children before parents."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, expect, expect_digits, known, lookup
from lifelong.digits import Precise


class _Node:
    """A node like the notebook's."""

    def __init__(self, parents: Sequence[Any] = ()) -> None:
        self.value, self.parents, self.grad = 1.0, tuple(parents), 0


def _times(factor: Any) -> Callable[[Any], Any]:
    return lambda g: g * factor


def check(names: Names) -> str:
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
    expect(a.grad, 31, f"{story} a.grad", known("backward_pass", "diamond"))
    backward(c)
    expect(a.grad, 31, "After a second backward(c), a.grad", [(62, "Set old gradients to 0 first.")])
    backward(c, 2.0)
    expect(a.grad, 62, "After backward(c, 2.0), a.grad", [(31, "The seed is the gradient of the output.")])
    backward(c, 0.0)
    expect(a.grad, 0, "After backward(c, 0.0), a.grad", [(31, "A seed of 0 is a gradient like any other.")])
    top = _Node()
    backward(top, 2.0)
    expect(top.grad, 2, "A node without parents: after backward(node, 2.0), its grad")
    early = _Node([(top, _times(1.0))])
    late = _Node([(early, _times(1.0))])
    early_b = [(1, "b sent its gradient on before the part that comes over c had arrived: children before parents.")]
    for first, second, formula in ((early, late, "b + c"), (late, early, "c + b")):
        backward(_Node([(first, _times(1.0)), (second, _times(1.0))]))
        expect(top.grad, 2, f"d = {formula} with c = b and b = a: after backward(d), a.grad", early_b)
    a = _Node()
    b = _Node([(a, _times(1.0))])
    c, d = _Node([(b, _times(1.0)), (b, _times(1.0))]), _Node([(b, _times(1.0))])
    e = _Node([(b, _times(1.0))])  # its gradient is 0
    backward(_Node([(d, _times(1.0)), (c, _times(1.0)), (e, _times(2.0)), (e, _times(-2.0))]))
    expect(a.grad, 3, "f = d + c + 2e − 2e with d = b, c = b + b, e = b and b = a: after backward(f), a.grad")
    seed, a = np.array([1.0, 2.0]), _Node()
    b = _Node([(a, lambda g: g)])
    c = _Node([(a, lambda g: g), (b, lambda g: g)])
    backward(c, seed)
    story = "c = a + b with b = a, whose pulls hand on the array that they get: after backward(c, [1, 2]),"
    expect([a.grad, b.grad, c.grad], [[2, 4], [1, 2], [1, 2]], f"{story} the gradients of a, b and c")
    _check_large(backward)
    a, _, c = diamond(Precise(1) / 7)
    call = "a.grad of the diamond with b = a/7"
    expect_digits(lambda: (backward(c), a.grad)[1], [5 + 13 * (Precise(1) / 7)], call)
    return "diamonds add up, nodes wait for all of their gradient, sixty diamonds and 20,000 nodes are no trouble."


def _check_large(backward: Callable[..., Any]) -> None:
    calls = 0

    def counted(g: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 5000:
            message = "Sixty diamonds in a row (120 edges) took more than 5,000 pulls: you follow each of the 2^60 paths. Visit each node once, when all of its gradient has arrived."
            raise CheckFailed(message)
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
        message = "A chain of 20,000 nodes ended in a RecursionError: a function that calls itself for every node goes too deep. Keep a list as a stack."
        raise CheckFailed(message) from None
    expect(first.grad, 1, "A chain of 20,000 nodes: the first node's grad")
