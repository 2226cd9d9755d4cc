"""What tests of training share, and what makes `make check` quick: only tests marked heavy may start a sandbox."""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

from autograder.sandbox import Sandbox
from lifelong import Task, load_mnist, permuted_tasks
from tests.places import COURSE
from tests.tool.sandboxes import require_sandbox


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Heavy tests come first, so that at the end no worker waits for another's long module."""
    items.sort(key=lambda item: item.get_closest_marker("heavy") is None)


def pytest_collection_finish() -> None:
    """What is collected stays: looking for garbage among it takes a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def course_sandbox() -> Iterator[Sandbox]:
    """A warm sandbox with the probes of the whole course, for all tests that only open sessions; torch takes seconds."""
    require_sandbox()
    with Sandbox(COURSE.sandbox_setup(*COURSE.assignments), private=[COURSE.root]) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def tasks() -> list[Task]:
    """Three permuted tasks of a few real digits; a module may have tasks of its own instead."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFELONG_BUDGET", "tiny")
        data = load_mnist()
    return permuted_tasks(data, lambda images, permutation: images[:, permutation], count=3)


@pytest.fixture(autouse=True)
def no_sandbox_unless_heavy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that starts a sandbox says that it is heavy."""

    def refuse(sandbox: Any) -> None:
        raise AssertionError("a test that starts a sandbox needs pytest.mark.heavy, which `make check` leaves out")

    if request.node.get_closest_marker("heavy") is None:
        monkeypatch.setattr(Sandbox, "_start", refuse)
