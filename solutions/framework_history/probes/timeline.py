"""Drive ``timeline``: two tables of plain values."""

from .common import Inputs, Names, Outputs


def probe(names: Names, inputs: Inputs) -> Outputs:
    """What one of the two tables has for each key, in the order of the keys."""
    table = dict(names[inputs["table"]]())
    return {"table": {key: table[key] for key in inputs["keys"] if key in table}}
