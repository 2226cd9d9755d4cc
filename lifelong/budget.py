"""How much work a notebook may do: all of it, or the few steps that a grader allows its training cells."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """Upper bounds on what ``load_mnist`` loads and ``run`` trains.

    Attributes:
        train_images: training images of the data set.
        test_images: test images of the data set.
        tasks: tasks that are trained, from the first on.
        epochs: epochs a task.
        steps: optimiser steps an epoch.
        importance_examples: training examples given to ``Method.consolidate``.
        sizes: of the layers when ``run`` makes the model.
    """

    train_images: int
    test_images: int
    tasks: int
    epochs: int
    steps: int
    importance_examples: int
    sizes: tuple[int, ...]


TINY = Budget(300, 100, tasks=2, epochs=1, steps=4, importance_examples=20, sizes=(784, 32, 16, 10))


def budget() -> Budget | None:
    """The bounds in force, or None when there are none.

    They are set by the environment variable ``LIFELONG_BUDGET``: ``tiny``, or ``full`` (also when unset or empty).

    Raises:
        ValueError: the variable holds anything else.
    """
    value = os.environ.get("LIFELONG_BUDGET", "")
    if value in ("", "full"):
        return None
    if value == "tiny":
        return TINY
    raise ValueError(f'LIFELONG_BUDGET is {value!r}, but should be "tiny" or "full"')
