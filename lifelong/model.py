"""The network of the homework."""

from collections.abc import Sequence
from itertools import pairwise

from torch import nn

SIZES: tuple[int, ...] = (784, 1024, 512, 256, 10)


def mlp(sizes: Sequence[int] = SIZES) -> nn.Sequential:
    """A stack of Linear layers with ReLU between them; takes [B, sizes[0]] and gives logits [B, sizes[-1]].

    The weights come from torch's global generator: ``torch.manual_seed`` before makes them repeatable.
    """
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layers += [nn.Linear(inputs, outputs), nn.ReLU()]
    return nn.Sequential(*layers[:-1])
