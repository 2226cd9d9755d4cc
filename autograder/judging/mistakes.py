"""Known mistakes, one decorated function each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from autograder.judging.exercise import Mistake, Oracle

F = TypeVar("F", bound=Callable[..., Any])


def as_it_is(wrong: Callable[..., Any]) -> Oracle:
    """A mistake's function that is an oracle already."""
    return wrong


def docstring(function: Callable[..., Any], meaning: str) -> str:
    """A function's docstring on one line.

    Raises:
        ValueError: it has none; the message says what it would mean.
    """
    text = " ".join((function.__doc__ or "").split())
    if not text:
        raise ValueError(f"the function {function.__name__!r} has no docstring, which is {meaning}")
    return text


class Mistakes:
    """Collects the mistakes of an exercise in the order in which they are written; give it to ``Exercise``.

    The function's name, with ``-`` for ``_``, is the mistake's id; its docstring is what the student is told; its body
    is what a student who made it would have got.

    Args:
        oracle: makes an oracle, inputs → outputs, of such a function; by default it is one already.
    """

    def __init__(self, oracle: Callable[[Callable[..., Any]], Oracle] = as_it_is) -> None:
        self._oracle = oracle
        self._found: list[Mistake] = []

    def __iter__(self) -> Iterator[Mistake]:
        return iter(self._found)

    def __call__(
        self, *checks: str, name: str = "", oracle: Callable[[Callable[..., Any]], Oracle] | None = None
    ) -> Callable[[F], F]:
        """Decorates the function of a mistake.

        Args:
            checks: the checks that it can explain; all that have something expected, when none is named.
            name: its id, where that is not the function's name.
            oracle: in place of the collection's own.
        """

        def note(wrong: F) -> F:
            message = docstring(wrong, "what the student is told")
            identity = name or wrong.__name__.replace("_", "-")
            self._found.append(Mistake(identity, message, (oracle or self._oracle)(wrong), checks))
            return wrong

        return note

    def add(self, *mistakes: Mistake) -> None:
        """Add mistakes that were made elsewhere, such as those that several exercises share."""
        self._found += mistakes
