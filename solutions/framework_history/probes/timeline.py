"""Drive ``timeline``: two tables of plain values."""

from collections.abc import Mapping

from .common import Inputs, Names, Outputs


def probe(names: Names, inputs: Inputs) -> Outputs:
    """What one of the two tables, a dict, has for each key, in the order of the keys."""
    table = names[inputs["table"]]()
    return {"table": {key: table[key] for key in inputs["keys"] if key in table} if isinstance(table, Mapping) else {}}
