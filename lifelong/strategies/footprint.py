"""The memory that a method keeps from task to task beside the network."""

from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor, nn

from lifelong.method import Method
from lifelong.split import Split
from lifelong.strategies.strategy import Strategy

GIVEN = ("model", "competing")
"""What ``train`` hands to every strategy, and what is not counted: the network, and the scenario."""


def extra_bytes(method: Method | Strategy) -> int:
    """The bytes of all tensors that a trained method keeps: importances, anchors, exemplars, generators."""
    kept = [value for name, value in vars(method).items() if name not in GIVEN]
    storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes() for tensor in tensors(kept)}
    return sum(storages.values())


def tensors(thing: Any) -> Iterator[Tensor]:
    """Every tensor within modules, splits, mappings and sequences."""
    if isinstance(thing, Tensor):
        yield thing
    elif isinstance(thing, nn.Module):
        yield from thing.state_dict().values()
    elif isinstance(thing, Split):
        yield from (thing.images, thing.labels)
    elif isinstance(thing, Mapping | list | tuple):
        for part in thing.values() if isinstance(thing, Mapping) else thing:
            yield from tensors(part)
