"""Drive ``scan_loop``: the slide's power, and scans."""

from collections.abc import Callable
from typing import Any

from .common import Inputs, Names, Outputs, array, numbers, raised

STEPS: dict[str, Callable[..., Any]] = {
    "horner": lambda s, p, x: p * x + s,
    "two": lambda a, b, p: 2 * a - b + 3 * p,
    "three": lambda a, b, c, p: a * b - c + 2 * p,
    "map": lambda s, c: s * s - c,
    "sum": lambda s, p: p + s,
    "constants": lambda p, a, b: a * p - b,
}


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Powers, or the results of a scan."""
    if inputs["what"] == "power":
        base = array(inputs["base"]) if isinstance(inputs["base"], list) else inputs["base"]
        return {"powers": [numbers(names["power"](base, k)) for k in inputs["exponents"]]}
    scan = names["scan"]
    if inputs["what"] == "endless":
        return raised(lambda: scan(STEPS["sum"], [], 0))
    given = (inputs[key] for key in ("sequences", "initial", "constants", "steps"))
    return {"results": scan(STEPS[inputs["fn"]], *given)}
