"""Ask the student for a Hessian times a vector."""

from collections.abc import Mapping
from typing import Any

from .numbers_as_text import number, reported
from .programs import run
from .watch import watched


@watched
def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The product at drawn numbers."""
    x, v = ([number(inputs, text) for text in inputs[name]] for name in ("x", "v"))
    return reported(product=list(names["hessian_vector"](lambda values: run(inputs["program"], values), x, v)))
