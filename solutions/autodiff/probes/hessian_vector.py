"""Ask the student for a Hessian times a vector."""

from .numbers_as_text import number, reported
from .programs import run
from .watch import Inputs, Names, Outputs, watched


@watched
def probe(names: Names, inputs: Inputs) -> Outputs:
    """The product at drawn numbers."""
    x, v = ([number(inputs, text) for text in inputs[name]] for name in ("x", "v"))
    found = names["hessian_vector"](lambda values: run(inputs["program"], values), x, v)
    return reported(product=[*found] if hasattr(found, "__iter__") else found)
