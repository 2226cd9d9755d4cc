"""Let the student's derivative differentiate functions that take derivatives themselves."""

from typing import Any

from .numbers_as_text import number, reported
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """The case's call, in which D is the student's `derivative` and a, b and c are drawn numbers; and whether a variable has changed while f ran."""
    changed = []

    def derivative(f: Any, x: Any) -> Any:
        def kept(variable: Any) -> Any:
            parts = getattr(variable, "__dict__", {})
            before = repr(parts)
            result = f(variable)
            changed.append(before != repr(parts))
            return result

        return names["derivative"](kept, x)

    a, b, c = (number(inputs, text) for text in inputs["x"])
    found = eval(inputs["call"], {"D": derivative, "a": a, "b": b, "c": c})
    return reported(derivative=found) | {"changed": any(changed)}
