"""The value of a symbolic formula in the notebook's own graphs."""

from collections.abc import Mapping
from typing import Any

from lifelong.checks.expect import CheckFailed, Names


def value_of(names: Names, root: Any, at: Mapping[Any, float]) -> float:
    """The value of a small graph."""
    values: dict[Any, float] = dict(at)
    for node in names["ancestors"]([root]):
        if node.op == "const":
            values[node] = node.value
        elif node not in values:
            if node.op not in names["OPS"]:
                raise CheckFailed(f"The graph holds a node with the op {node.op!r}, which has no value.")
            values[node] = names["OPS"][node.op](*(values[each] for each in node.inputs))
    return float(values[root])
