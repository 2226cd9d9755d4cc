"""Drive ``global_index``: the labels of a 1-D or a 2-D launch."""

from collections.abc import Mapping
from typing import Any

from .kernels import launch_probe, source_of

source = source_of("label_1d", "label_2d")


def probe(source: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The case says which kernel."""
    return launch_probe(inputs["kernel"], ("label",), result="label")(source, inputs)
