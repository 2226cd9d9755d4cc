"""Let the student's derivative differentiate functions that take derivatives themselves."""

from collections.abc import Callable
from typing import Any

from .numbers_as_text import number, reported
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """One of the nestings, at drawn numbers."""
    derivative = names["derivative"]
    return reported(derivative=nesting(inputs["nesting"], derivative, *[number(inputs, text) for text in inputs["x"]]))


def nesting(name: str, D: Callable[..., Any], a: Any, b: Any, c: Any) -> Any:
    """A derivative of a function that may take derivatives itself, at three numbers."""
    return {
        "plain": lambda: D(lambda x: a * x * x * x - b * x + c, b),
        "from a number": lambda: D(lambda x: (b - x) * c - x * a, b),
        "constant": lambda: D(lambda x: a, b),
        "second": lambda: D(lambda x: D(lambda y: a * y * y * y + b * y * y, x), c),
        "third": lambda: D(lambda x: D(lambda y: D(lambda z: a * z * z * z * z + b * z, y), x), c),
        "sum": lambda: D(lambda x: x * D(lambda y: x + y, a), b),
        "product": lambda: D(lambda x: x * D(lambda y: y * x * y + c * y, a), b),
        "difference": lambda: D(lambda x: x * x * D(lambda y: y * y - x * y, a), b),
        "older minus newer": lambda: D(lambda x: x * D(lambda y: (x - y) * y, a), b),
        "plain minus both": lambda: D(lambda x: x * D(lambda y: 2 - x * y * y, a), b),
        "two inside": lambda: D(lambda x: x * D(lambda y: x * y, a) * D(lambda y: x + y * y, c), b),
        "three deep": lambda: D(lambda x: x * D(lambda y: x * y * D(lambda z: x * z * z + y * z, c), b), a),
        "forgets the inner": lambda: D(lambda x: x * x + x * D(lambda y: x * c, a), b),
    }[name]()
