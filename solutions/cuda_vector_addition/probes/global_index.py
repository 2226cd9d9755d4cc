"""Drive ``global_index``: the labels of a 1-D or a 2-D launch."""

from collections.abc import Mapping
from typing import Any

from .kernels import launch_probe


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The case says which kernel."""
    return launch_probe(inputs["kernel"], ("label",), result="label")(names, inputs)
