"""`hint("ewc")`: with every call one more step towards an exercise, and never the answer."""

import tomllib
from pathlib import Path

from lifelong.checks.failure import UnknownExercise, meant
from lifelong.checks.language import told

STEPS = ("a question", "the idea", "the shape of the code")

_given: dict[str, int] = {}
"""Exercise → the step that was shown last; forgotten with the process, and told to nobody."""


def hints() -> dict[str, list[str]]:
    """Exercise → its hints, one for each of ``STEPS``."""
    return tomllib.loads(Path(__file__).with_name("hints.toml").read_text(encoding="utf-8"))


def hint(exercise: str) -> None:
    """Print the next hint to an exercise: a question, then the idea, then the shape of the code. They cost nothing."""
    texts = hints().get(exercise)
    if texts is None:
        raise UnknownExercise(f"There are no hints to {exercise!r}.{meant(exercise, hints())}")
    at = _given[exercise] = (_given.get(exercise, -1) + 1) % len(STEPS)
    more = f"\n(The same line again gives {STEPS[at + 1]}.)" if at + 1 < len(STEPS) else ""
    print(told(f"Hint {at + 1} of {len(STEPS)}, {STEPS[at]}: {texts[at]}{more}"))
