"""What the judges share: checks, oracles of some of the outputs, mistakes by name, errors that name the culprit."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from autograder.judging import Check, Mistakes, Tree

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


def by_name(simulate: Callable[..., Mapping[str, Any]], *keys: str) -> Callable[[str], Oracle]:
    """Makes oracles of mistakes that ``simulate`` knows by their ids; of its outputs only these count, or all."""

    def expected(wrong: str, inputs: Tree) -> dict[str, Any]:
        try:
            told = simulate(inputs, wrong=wrong)
        except (KeyError, StopIteration, TypeError, ValueError):  # what this mistake does here is an error
            return {}
        return {key: value for key, value in told.items() if not keys or key in keys}

    return partial(partial, expected)


def known(mistake: Mistakes, simulate: Callable[..., Mapping[str, Any]]) -> None:
    """Adds the mistakes in the judge's table, which ``simulate`` knows by their ids."""
    for name, row in mistake.table.items():
        mistake.group(oracle=by_name(simulate, *row.get("outputs", ()))).listed(name, name)


def named(outputs: Tree, names: Iterable[str], *, otherwise: str, unnamed: str) -> str | None:
    """None for a ValueError that names all of these, else one of the two sentences: there is none, or it omits a name."""
    if outputs["error"] != "ValueError":
        return otherwise
    message = outputs["message"]
    return None if isinstance(message, str) and all(name in message for name in names) else unnamed
