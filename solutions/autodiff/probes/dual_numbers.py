"""Run a program on the student's dual numbers."""

from .numbers_as_text import number, reported
from .programs import run
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """Value and slope of a program's result; with ``nested``, also the slope of the slope."""
    dual = names["Dual"]
    numbers = [number(inputs, text) for text in inputs["x"]]
    slopes = [number(inputs, text) for text in inputs["slopes"]]
    if not inputs["nested"]:
        result = run(inputs["program"], [dual(x, slope) for x, slope in zip(numbers, slopes, strict=True)])
        return reported(value=result.value, slope=result.slope)
    inner = [dual(dual(x, slope), dual(slope, 0)) for x, slope in zip(numbers, slopes, strict=True)]
    result = run(inputs["program"], inner)
    return reported(value=result.value.value, slope=result.slope.value, second=result.slope.slope)
