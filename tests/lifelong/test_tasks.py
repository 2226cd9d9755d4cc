"""Permuted tasks, and what happens to a permute() that is not one."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from lifelong import Mnist, permuted_tasks
from lifelong.data.mnist import _embedded


def permute(images: Tensor, permutation: Tensor) -> Tensor:
    return images[:, permutation]


@pytest.fixture
def data() -> Mnist:
    return _embedded(12, 5, "a few digits")


def test_the_first_task_is_plain_and_the_others_are_reordered(data: Mnist) -> None:
    tasks = permuted_tasks(data, permute, count=4)
    assert torch.equal(tasks[0].train.images, data.train.images)
    for task in tasks[1:]:
        assert sorted(task.permutation.tolist()) == list(range(784))
        assert not torch.equal(task.permutation, torch.arange(784))
        assert torch.equal(task.train.images, data.train.images[:, task.permutation])
        assert torch.equal(task.test.images, data.test.images[:, task.permutation])
        assert torch.equal(task.train.labels, data.train.labels)
    assert not torch.equal(tasks[1].permutation, tasks[2].permutation)


def test_the_seed_makes_the_permutations(data: Mnist) -> None:
    first, again, other = (permuted_tasks(data, permute, count=2, seed=seed)[1].permutation for seed in (5, 5, 6))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def in_place(images: Tensor, permutation: Tensor) -> Tensor:
    images[:] = images[:, permutation]
    return images


WRONG: list[tuple[Callable[[Tensor, Tensor], Any], type[Exception], str]] = [
    (lambda images, permutation: None, TypeError, "should return a tensor, but returned NoneType"),
    (lambda images, permutation: images.numpy(), TypeError, "ndarray"),
    (lambda images, permutation: images.float(), ValueError, "torch.float32"),
    (lambda images, permutation: images[:, permutation[:10]], ValueError, r"\[12, 10\]"),
    (lambda images, permutation: images[:, permutation].T, ValueError, r"\[784, 12\]"),
    (lambda images, permutation: torch.zeros_like(images), ValueError, "other pixels"),
    (lambda images, permutation: images.flip(0), ValueError, "other pixels"),
    (in_place, ValueError, "changed its own arguments"),
]


@pytest.mark.parametrize(("wrong", "error", "words"), WRONG)
def test_a_wrong_permute_is_named(
    data: Mnist, wrong: Callable[[Tensor, Tensor], Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        permuted_tasks(data, wrong, count=2)
