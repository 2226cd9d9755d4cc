"""What tests of training share."""

import pytest

from lifelong import Task, load_mnist, permuted_tasks


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    """Three permuted tasks of a few real digits; a module may have tasks of its own instead."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFELONG_BUDGET", "tiny")
        data = load_mnist()
    return permuted_tasks(data, lambda images, permutation: images[:, permutation], count=3)
