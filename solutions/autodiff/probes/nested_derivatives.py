"""Let the student's derivative differentiate functions that take derivatives themselves."""

from .numbers_as_text import number, reported
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """The case's call, in which D is the student's `derivative` and a, b and c are drawn numbers."""
    a, b, c = (number(inputs, text) for text in inputs["x"])
    return reported(derivative=eval(inputs["call"], {"D": names["derivative"], "a": a, "b": b, "c": c}))
