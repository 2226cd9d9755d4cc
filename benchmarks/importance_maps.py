"""What each input pixel matters to one and the same network, by each of the five methods: five maps for the lecture.

``python -m benchmarks.importance_maps [--epochs N] [--seed S]`` trains a network on MNIST once, with all five
reference methods watching and none holding on, and writes ``lifelong/data/importance-maps.npz``.
"""

import numpy as np
import torch
import typer
from torch import nn

from benchmarks.training import METHODS, make
from lifelong import Batches, Method, Params, Task, load_mnist, run
from lifelong.data.maps import MAPS

NAMES = tuple(name for name in METHODS if name != "Baseline")


class Watchers(Method):
    """Plain training (λ = 0) that all five methods watch, so that their importances are of the same network."""

    def __init__(self) -> None:
        self.methods = {name: make(name, 0.0) for name in NAMES}

    def begin_task(self, model: nn.Module) -> None:
        for method in self.methods.values():
            method.begin_task(model)

    def observe(self, gradients: Params, steps: Params) -> None:
        for method in self.methods.values():
            method.observe(gradients, steps)

    def consolidate(self, model: nn.Module, batches: Batches) -> None:
        for method in self.methods.values():
            method.consolidate(model, batches)

    def maps(self) -> dict[str, np.ndarray]:
        """By method, [784] float32: the importance of a pixel's weights in the first layer, summed."""
        return {name: method.omega["0.weight"].sum(dim=0).cpu().numpy() for name, method in self.methods.items()}


def main(epochs: int = 10, seed: int = 0) -> None:
    data = load_mnist()
    watchers = Watchers()
    task = Task(data.train, data.test, torch.arange(data.train.images.shape[1]))
    run(watchers, [task], epochs=epochs, seed=seed)
    maps = watchers.maps()
    np.savez_compressed(MAPS, names=np.array(NAMES), maps=np.stack([maps[name] for name in NAMES]))
    print(f"{MAPS.name}: {len(maps)} maps of {len(maps[NAMES[0]])} pixels, {MAPS.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    typer.run(main)
