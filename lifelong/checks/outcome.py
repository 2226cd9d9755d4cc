"""What the checks said of this notebook's exercises, and whether the code is still the one that they said it of."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from lifelong import fingerprint


class State(Enum):
    """What a check said last."""

    GREEN = "✓"
    RED = "✗"
    UNWRITTEN = "…"


class Asked(dict[str, Any]):
    """The notebook's names, and which of them a check has asked for."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        super().__init__(names)
        self.asked: dict[str, str] = {}

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        self.asked[name] = fingerprint.of_code(value)
        return value


@dataclass(frozen=True)
class Outcome:
    """One check's last word.

    Attributes:
        state: what it was.
        code: name → digest of the code that it was said of.
    """

    state: State
    code: Mapping[str, str]


OUTCOMES: dict[str, Outcome] = {}
"""Exercise id → its check's last word in this process."""


def record(exercise: str, state: State, names: Asked) -> None:
    """Keep what a check said."""
    OUTCOMES[exercise] = Outcome(state, names.asked)


def stale(exercise: str, names: Mapping[str, Any]) -> str:
    """Why a check's last word does not hold any more, as a sentence; empty if it does."""
    for name, digest in OUTCOMES[exercise].code.items():
        if former := former_base(names.get(name), names):
            return former_sentence(name, former, exercise)
        if fingerprint.of_code(names.get(name)) != digest:
            return f'`{name}` has changed since: check("{exercise}") again.'
    return ""


def former_base(value: Any, names: Mapping[str, Any]) -> str:
    """The name of a class of the notebook that a class builds on and that has been written anew since, else empty."""
    for base in value.__mro__[1:] if isinstance(value, type) else ():
        now = names.get(base.__name__, base)
        own = base.__module__ == value.__module__
        if own and now is not base and fingerprint.of_code(now) != fingerprint.of_code(base):
            return base.__name__
    return ""


def former_sentence(name: str, base: str, exercise: str) -> str:
    """What to do about that."""
    return (
        f"`{name}` still builds on the former `{base}`: run its cell again, which begins with `# exercise: {exercise}`."
    )
