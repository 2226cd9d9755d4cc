"""Run a program on the student's tape, and follow what its operators recorded."""

from .numbers_as_text import number, reported
from .programs import gradient_by_paths, run
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """A program's result, and what its pulls say of the inputs, path by path: no backward pass is needed."""
    value = names["Value"]
    leaves = [value(number(inputs, text)) for text in inputs["x"]]
    result = run(inputs["program"], leaves)
    return reported(value=result.value, gradient=gradient_by_paths(result, leaves, number(inputs, "1")))
