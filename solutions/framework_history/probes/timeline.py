"""Drive ``timeline``: two tables of plain values."""

from collections.abc import Mapping
from typing import Any

from .common import Inputs, Names


def probe(names: Names, inputs: Inputs) -> dict[str, Any]:
    """What one of the two tables, a dict, has for each key, in the order of the keys."""
    table = names[inputs["table"]]()
    return {"table": {key: table[key] for key in inputs["keys"] if key in table} if isinstance(table, Mapping) else {}}
