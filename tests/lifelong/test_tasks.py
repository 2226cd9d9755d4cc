"""Permuted tasks, and what happens to a permute() that is not one."""

import pytest
import torch
from torch import Tensor

from lifelong import Mnist, permuted_tasks
from lifelong.data.mnist import _embedded
from tests.places import table


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


@pytest.mark.parametrize(("wrong", "error", "words"), table("lifelong/wrong.toml")["permutes"])
def test_a_wrong_permute_is_named(data: Mnist, wrong: str, error: str, words: str) -> None:
    with pytest.raises(eval(error), match=words):
        permuted_tasks(data, lambda images, permutation: eval(wrong), count=2)
