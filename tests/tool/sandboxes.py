"""The sandbox of an assignment, with other limits where a test wants them, or a test skipped without one."""

import os
from dataclasses import replace

import pytest

from autograder.sandbox import Limits, SandboxUnavailable, Setup
from autograder.sandbox.wall import strongest
from tests.places import COURSE, EXAMPLE
from tests.processes import descendants


def setup(name: str, limits: Limits | None = None) -> Setup:
    """What the sandbox of an assignment holds."""
    made = (EXAMPLE if name in EXAMPLE.assignments else COURSE).sandbox_setup(name)
    return made if limits is None else replace(made, limits=limits)


def require_sandbox() -> None:
    """Skip a test where student code cannot be closed off."""
    try:
        strongest()
    except SandboxUnavailable as reason:
        pytest.skip(str(reason))


def zygotes() -> set[int]:
    """The process ids of the warm sandboxes below this process, the one that tests share among them."""
    return {pid for pid, line in descendants(os.getpid()).items() if "inside.zygote" in line}
