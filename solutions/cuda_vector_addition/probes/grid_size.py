"""Drive ``grid_size``: the numbers of blocks, and of which type they are."""

from collections.abc import Mapping
from typing import Any


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a line of cells, or of a matrix."""
    if "n" in inputs:
        numbers = [names["blocks_for"](inputs["n"], inputs["threads"])]
    else:
        numbers = list(names["grid_for"](inputs["rows"], inputs["columns"], tuple(inputs["block"])))
    return {"blocks": [float(number) for number in numbers], "types": [type(number).__name__ for number in numbers]}
