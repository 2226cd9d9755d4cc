"""The metrics that are no exercise, against numbers worked out by hand."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from lifelong import Split, accuracy, forward_transfer, intransigence, learning_accuracy, mlp

R = [[0.95, 0.10, 0.12], [0.98, 0.97, 0.14], [0.92, 0.80, 0.96]]


@pytest.mark.parametrize("kind", [list, np.array, lambda rows: torch.tensor(rows, dtype=torch.float64)])
def test_by_hand(kind: Callable[[Any], Any]) -> None:
    assert learning_accuracy(kind(R)) == pytest.approx((0.95 + 0.97 + 0.96) / 3)
    assert forward_transfer(kind(R), kind([0.5, 0.08, 0.11])) == pytest.approx((0.02 + 0.03) / 2)
    assert intransigence(kind(R), kind([0.96, 0.97, 0.98])) == pytest.approx((0.01 + 0.0 + 0.02) / 3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: learning_accuracy(R[:2]), r"\[T, T\], but has shape \[2, 3\]"),
        (lambda: forward_transfer(R, [0.1, 0.1]), r"initial should have shape \[3\], but has \[2\]"),
        (lambda: forward_transfer([[0.9]], [0.1]), "at least 2 tasks"),
        (lambda: intransigence(R, 0.9), r"reference should have shape \[3\], but has \[\]"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(call: Callable[[], float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        call()


def test_accuracy_counts_every_example_and_leaves_the_model_alone() -> None:
    """A model that answers "is the first byte bright?" on 4,500 images, more than one evaluation batch."""
    model = nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 2, bias=False))
    with torch.no_grad():
        model[1].weight.copy_(torch.tensor([[-1.0, 0.0], [1.0, 0.0]]))
    images = torch.zeros(4_500, 2, dtype=torch.uint8)
    images[:3_000, 0] = 255
    split = Split(images, torch.ones(4_500, dtype=torch.int64))
    assert accuracy(model, split) == 3_000 / 4_500
    assert model.training
    assert accuracy(model.eval(), split) == 3_000 / 4_500
    assert not model.training


def test_the_model_of_the_homework() -> None:
    model = mlp()
    shapes = [list(weight.shape) for weight in model.parameters()]
    assert shapes == [[1024, 784], [1024], [512, 1024], [512], [256, 512], [256], [10, 256], [10]]
    assert model(torch.zeros(3, 784)).shape == (3, 10)
    assert (mlp((4, 3, 2))(torch.randn(50, 4)) < 0).any(), "no ReLU after the last layer"
