"""Which options the student ticked. It runs inside the sandbox and knows no key."""

from collections.abc import Mapping
from typing import Any

PREFIX = "quiz-"
"""With which the ids of questions begin."""


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The chosen letters of one question, in order and each once.

    Args:
        names: the student's namespace.
        inputs: {"variable": the name of the student's answer, e.g. "quiz_05"}.

    Returns:
        {"chosen": upper-case letters}; one that is no option of the question is kept, and so makes the answer wrong.

    Raises:
        NotDefined: the notebook has no such variable.
        NotImplementedError: nothing is chosen.
        TypeError: the answer is of a type in which no letters can be found.
    """
    chosen = sorted(letters(names[inputs["variable"]], inputs["variable"]))
    if not chosen:
        raise NotImplementedError("no option is chosen")
    return {"chosen": chosen}


def letters(answer: Any, variable: str) -> set[str]:
    """The letters of a dict letter → ticked or not, of a string such as "A, C", or of a collection of strings.

    Raises:
        TypeError: it is none of these.
    """
    if isinstance(answer, str):
        return {letter.upper() for letter in answer if letter.isalpha()}
    if isinstance(answer, dict):
        return {str(letter).strip().upper() for letter, ticked in answer.items() if ticked}
    if isinstance(answer, list | tuple | set | frozenset):
        return {str(letter).strip().upper() for letter in answer} - {""}
    raise TypeError(f"{variable} should be a dict such as {{'A': True, 'B': False}}, but is a {type(answer).__name__}.")
