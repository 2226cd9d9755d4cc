"""Run a program on the student's tape, and follow what its operators recorded."""

from typing import Any

from .numbers_as_text import number, reported
from .programs import gradient_by_paths, steps
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """A program's result, and what its pulls say of the inputs, path by path: no backward pass is needed."""
    value = names["Value"]
    leaves = [value(number(inputs, text)) for text in inputs["x"]]
    lines, changed = steps(inputs["program"], leaves, lambda line: getattr(line, "value", line))
    made, three = [[]] * len(leaves) + inputs["program"], number(inputs, "3")
    local = [_local(value, lines, *each, three) for each in zip(lines, made, strict=False)]
    noted = {"lines": local, "changed": changed}
    if len(lines) < len(leaves) + len(inputs["program"]):
        return noted
    return reported(value=lines[-1].value, gradient=gradient_by_paths(lines[-1], leaves, number(inputs, "1"))) | noted


def _local(value: Any, lines: list[Any], line: Any, step: list[Any], g: Any) -> Any:
    """The value of a line, and what it sends of g to the operands of its step; of what is no Value itself."""
    if not isinstance(line, value):
        return reported(line=line)["line"]
    operands = dict.fromkeys(each for each in step[1:] if isinstance(each, int))
    pulled = gradient_by_paths(line, [lines[each] for each in operands], g, local=True)
    return reported(line=[line.value, *pulled])["line"]
