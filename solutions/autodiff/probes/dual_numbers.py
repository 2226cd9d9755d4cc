"""Run a program on the student's dual numbers."""

from typing import Any

from .numbers_as_text import number, reported
from .programs import steps
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """Value and slope of a program's result; with ``nested``, also the slope of the slope; and those of all results."""
    dual = names["Dual"]
    numbers = [number(inputs, text) for text in inputs["x"]]
    slopes = [number(inputs, text) for text in inputs["slopes"]]
    plain = [dual(x, slope) for x, slope in zip(numbers, slopes, strict=True)]
    lines, noted = _noted(dual, inputs, plain)
    if inputs["nested"]:
        inner = [dual(dual(x, slope), dual(slope, 0)) for x, slope in zip(numbers, slopes, strict=True)]
        lines, nested = _noted(dual, inputs, inner)
        noted |= {"nested": nested["lines"]}
    if len(lines) < len(plain) + len(inputs["program"]):
        return noted
    value, slope = lines[-1].value, lines[-1].slope
    if not inputs["nested"]:
        return reported(value=value, slope=slope) | noted
    return reported(value=value.value, slope=slope.value, second=slope.slope) | noted


def _noted(dual: Any, inputs: Inputs, given: list[Any]) -> tuple[list[Any], Outputs]:
    """All results, and what is told of them beside the answer."""
    lines, changed = steps(inputs["program"], given, lambda line: _parts(dual, line))
    return lines, {"lines": [reported(line=_parts(dual, line))["line"] for line in lines], "changed": changed}


def _parts(dual: Any, line: Any) -> Any:
    """Value and slope, these of the same kind; of what is no dual number itself."""
    return [_parts(dual, line.value), _parts(dual, line.slope)] if isinstance(line, dual) else line
