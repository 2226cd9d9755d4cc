"""Errors in a method's own code name the task and the step in which they occurred."""

from collections.abc import Iterator
from contextlib import contextmanager


class MethodError(RuntimeError):
    """A method broke its contract with the engine; the message names the method, the task and the step."""


class Progress:
    """The task and the step that a training has come to, both counted from 1.

    Args:
        name: of the method.
    """

    def __init__(self, name: str) -> None:
        self.name, self.task, self.step = name, 0, 0

    def of(self, function: str, step: int | None = None) -> str:
        """A hook of the method at this place, in words."""
        return f"{self.name}.{function} in task {self.task}, step {self.step if step is None else step}"

    @contextmanager
    def calling(self, function: str) -> Iterator[None]:
        """Add the task and the step to an error raised within the method's own code."""
        try:
            yield
        except Exception as error:
            error.add_note(f"(while training: {self.of(function)})")
            raise
