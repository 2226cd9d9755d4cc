"""Where in a training a method's own code runs, so that its errors can say so."""

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
        """Say in which task and step an error within the method's own code came up."""
        try:
            yield
        except Exception as error:
            error.add_note(f"(while training: {self.of(function)})")
            raise
