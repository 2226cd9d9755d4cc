"""Drive ``symbolic_grad``: the graphs of all derivatives."""

from .common import Inputs, Names, Outputs
from .graphs import build, plain


def probe(names: Names, inputs: Inputs) -> Outputs:
    """The graphs of all derivatives."""
    made = build(names, inputs["program"])
    wanted = [node for node, line in zip(made, inputs["program"], strict=True) if line[0] in ("var", "shared")]
    for node in wanted if inputs["namesakes"] else ():
        node.name = "v"
    if inputs["again"]:
        names["grad"](made[-1], wanted)
    answer = names["grad"](made[-1], wanted)
    for node, line in zip(made, inputs["program"], strict=True):
        node.name = line[1] if node in wanted else None
    if any(each is None or isinstance(each, int | float) for each in answer):
        return {"graph": "of other things"}
    return plain(answer)
