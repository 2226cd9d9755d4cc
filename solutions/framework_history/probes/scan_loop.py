"""Drive ``scan_loop``: the slide's power, and scans."""

from .common import Inputs, Names, Outputs, array, numbers, raised


def probe(names: Names, inputs: Inputs) -> Outputs:
    """Powers, or the results of a scan."""
    if inputs["what"] == "power":
        base = array(inputs["base"]) if isinstance(inputs["base"], list) else inputs["base"]
        return {"powers": [numbers(names["power"](base, k)) for k in inputs["exponents"]]}
    scan = names["scan"]
    if inputs["what"] == "endless":
        return raised(lambda: scan(lambda s, p: p + s, [], 0))
    given = [inputs[key] for key in ("sequences", "initial", "constants", "steps")]
    while given[-1] in (None, []):  # the defaults
        given.pop()
    return {"results": scan(eval(inputs["fn"]), *given)}
