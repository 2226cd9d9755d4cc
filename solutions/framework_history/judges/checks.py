"""What the judges share: checks, oracles of some of the outputs, mistakes by name, errors that name the culprit."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from autograder.judging import RAISED, Changed, Check, Mistake, Mistakes, Slip, Tree, ended

Oracle = Callable[[Tree], Mapping[str, Any]]


def check(
    name: str,
    title: str,
    *,
    cases: tuple[str, ...] = (),
    expected: Oracle | None = None,
    outputs: tuple[str, ...] = (),
    **more: Any,
) -> Check:
    """A check of these cases, or of the case that has its name; of what is expected only these outputs count, or all."""
    some = only(expected, *outputs) if expected and outputs else expected
    return Check(name, title, cases=cases or (name,), expected=some, **more)


def only(oracle: Callable[..., Mapping[str, Any]], *keys: str, **switches: Any) -> Oracle:
    """An oracle, with these switches, of which only these outputs count."""
    return lambda inputs: {key: value for key, value in oracle(inputs, **switches).items() if key in keys}


@dataclass(frozen=True, eq=False)
class Simulated(Changed):
    """The oracle of mistakes that ``compute`` knows by their ids, the stages; of its outputs only these count, or all."""

    outputs: frozenset[str] = frozenset()

    def __call__(self, inputs: Tree) -> Tree:
        """What comes of the mistakes; the error that they end in is an answer, too."""
        try:
            told = self.compute(inputs, self.stages.keys())
        except (
            AttributeError,
            TypeError,
        ) as error:  # of what is called and asked for, which the student's code does, too
            return ended(type(error).__name__, str(error))
        except Exception as error:  # whose words are the student's own
            return {RAISED: type(error).__name__}
        return {key: value for key, value in told.items() if not self.outputs or key in self.outputs}

    def also(self, other: Oracle) -> Changed | None:
        """Both mistakes at once, of which both's outputs count."""
        both = super().also(other)
        return both and replace(self, stages=both.stages, outputs=self.outputs | getattr(other, "outputs", frozenset()))


def known(judge: str, simulate: Callable[..., Mapping[str, Any]]) -> tuple[Mistake, ...]:
    """The mistakes in the table beside a judge's file, which ``simulate`` knows by their ids."""
    mistake = Mistakes(beside=judge)
    mistake.table.pop("refused", None)
    for name, row in mistake.table.items():
        oracle = Simulated(simulate, {name: True}, frozenset(row.get("outputs", ())))
        mistake.listed(name, oracle)
    return tuple(mistake)


def chosen(wrong: Iterable[str], table: Mapping[str, Any], right: Any) -> Any:
    """What stands in the table for the first of its mistakes that is made, else what is right."""
    return next((table[name] for name in table if name in wrong), right)


def refused(outputs: Tree, names: Iterable[str], what: str, *, when: str = "", it: str = "it") -> Slip | None:
    """None for a ValueError that names all of these, else what it lacks: ``what`` is refused, ``it`` is named."""
    error, message = outputs["error"], outputs["message"]
    if error == "ValueError":
        named = isinstance(message, str) and all(name in message for name in names)
        return (
            None if named else Slip("culprit-not-named", f"The ValueError for {what} should name {it} in its message.")
        )
    due = f"There should be a ValueError for {what}{when}"
    if error == "":
        return Slip("not-refused", f"{due}; yours goes unnoticed.")
    return Slip("another-error", f"{due}; yours ends in another error.")
