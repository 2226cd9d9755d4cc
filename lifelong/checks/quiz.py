"""What a quiz cell records: the chosen letters, never whether they are right."""

from collections.abc import Mapping
from typing import Any

from lifelong.checks.failure import CheckFailed, Unfinished
from lifelong.checks.outcomes import Recorded

LETTERS = "ABCDE"


def recorded(names: Mapping[str, Any], exercise: str) -> str:
    """The chosen options in words, e.g. ``"recorded: A, C"``.

    Args:
        names: the notebook's names; ``quiz_05`` is a dict letter → bool, or a list, set or string of letters.
        exercise: e.g. ``"quiz-05"``.
    """
    variable = exercise.replace("-", "_")
    if variable not in names:
        raise CheckFailed(f"There is no `{variable}` yet: run the cell that begins with `# exercise: {exercise}`.")
    chosen = chosen_letters(names[variable], variable)
    if not chosen:
        raise Unfinished(f"{exercise}: nothing is chosen yet. At least one option is right.")
    return Recorded(f"recorded: {', '.join(chosen)}")


def chosen_letters(answer: Any, variable: str) -> list[str]:
    """The letters that an answer chooses, in order, each once."""
    if isinstance(answer, Mapping):
        for letter, value in answer.items():
            if not isinstance(value, bool):
                raise CheckFailed(f"{variable}[{letter!r}] should be True or False, but is {value!r}.")
        letters = [letter for letter, value in answer.items() if value]
    elif isinstance(answer, str):
        letters = [letter for letter in answer if letter not in " ,"]
    elif isinstance(answer, list | tuple | set | frozenset):
        letters = list(answer)
    else:
        raise CheckFailed(f'`{variable}` should be a dict such as {{"A": True, "B": False}}, but is {answer!r}.')
    for letter in letters:
        if not isinstance(letter, str) or letter not in tuple(LETTERS):
            raise CheckFailed(f"`{variable}` holds {letter!r}, which is not one of the letters {', '.join(LETTERS)}.")
    return sorted(set(letters))
