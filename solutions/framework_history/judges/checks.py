"""What the judges share: mistakes by name, errors that name the culprit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.judging import RAISED, Changed, Mistakes, Slip, Tree, ended

Oracle = Callable[[Tree], Mapping[str, Any]]


@dataclass(frozen=True, eq=False)
class Simulated(Changed):
    """The oracle of mistakes that ``compute`` knows by their ids, the stages.

    Attributes:
        outputs: of its outputs only these count, or all.
        raises: the errors that the mistakes mean to end in: ``ValueError``, whose words are the student's own, or
            ``TypeError: unhashable``, in just the words that hold this.
    """

    outputs: frozenset[str] = frozenset()
    raises: frozenset[str] = frozenset()

    def __call__(self, inputs: Tree) -> Tree:
        """What comes of the mistakes; an error is an answer, too, if it is meant, and else explains nothing."""
        try:
            told = self.compute(inputs, self.stages.keys())
        except Exception as error:
            kind, words = type(error).__name__, str(error)
            parts = [part for meant, _, part in (each.partition(": ") for each in self.raises) if meant == kind]
            if any(part and part in words for part in parts):
                return ended(kind, words)
            return {RAISED: kind} if "" in parts else {}
        return {key: value for key, value in told.items() if not self.outputs or key in self.outputs}

    def also(self, other: Oracle) -> Changed | None:
        """Both mistakes at once, of which both's outputs and errors count."""
        both = super().also(other)
        if both is None or not isinstance(other, Simulated):
            return None
        more = {"outputs": self.outputs | other.outputs, "raises": self.raises | other.raises}
        return replace(self, stages=both.stages, **more)


def known(judge: str, simulate: Callable[..., Mapping[str, Any]]) -> dict[str, Any]:
    """The mistakes in the table beside a judge's file, which ``simulate`` knows by their ids, as arguments of ``Exercise``.

    What one looks like in other code is among its ``ways``, the ids of which nobody else reads.
    """
    mistake = Mistakes(beside=judge)
    for name, row in mistake.table.items():
        if "says" in row:
            counts = {key: frozenset(row.get(key, ())) for key in ("outputs", "raises")}
            for way in (name, *row.get("ways", ())):
                mistake.listed(name, Simulated(simulate, {way: True}, **counts))
    return mistake.known


def chosen(wrong: Iterable[str], table: Mapping[str, Any], right: Any) -> Any:
    """What stands in the table for the first of its mistakes that is made, else what is right."""
    return next((table[name] for name in table if name in wrong), right)


def refused(outputs: Tree, names: Iterable[str], what: str, *, when: str = "", it: str = "it") -> Slip | None:
    """None for a ValueError that names all of these, else what it lacks: ``what`` is refused, ``it`` is named."""
    error, message = outputs["error"], outputs["message"]
    if error == "ValueError":
        named = isinstance(message, str) and all(name in message for name in names)
        words = f"The ValueError for {what} should name {it} in its message."
        return None if named else Slip("culprit-not-named", words)
    due = f"There should be a ValueError for {what}{when}"
    if error == "":
        return Slip("not-refused", f"{due}; yours goes unnoticed.")
    return Slip("another-error", f"{due}; yours ends in another error.")
