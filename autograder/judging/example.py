"""A smallest public example on which an answer is wrong: what was given, what came and what is right, in one sentence.

It repeats what student code made of an input, so it is told of public inputs only.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from autograder.judging.compare import ANSWER, Difference, compare, describe, spoken
from autograder.judging.exercise import Case, Exercise, Oracle, Tree

SEED = 99
"""Draws once more: what is right there, too, is right for everybody, and so is not told."""

FEW, FEW_ROWS, LONGEST, LONGEST_VALUE = 8, 12, 160, 110

NUMBER = re.compile(r"-?\d+(\.\d+)?")
"""A plain number as text: so those of many digits cross the wall."""

OWN = ("ask", "host", "kind", "name", "what")
"""Inputs by which a probe knows what to do; students know nothing of them."""


def size(tree: Any) -> int:
    """How much of a case's inputs a reader has to take in."""
    if isinstance(tree, Mapping | list | tuple):
        return sum(size(value) for value in (tree.values() if isinstance(tree, Mapping) else tree))
    return tree.size if isinstance(tree, np.ndarray) else len(str(tree))


def given(exercise: Exercise, inputs: Tree) -> str:
    """What a case is about: the call as a student would write it, or its inputs by name, as many as are short."""
    if exercise.described:
        return exercise.described(inputs)
    sent = exercise.sent(inputs).items()
    told = {name: shown(value) for name, value in sent if not isinstance(value, bool | Mapping)}
    parts = [f"{name} = {text}" for name, text in told.items() if name not in OWN and "a dict of" not in text]
    fitting = [part for at, part in enumerate(parts) if len(", ".join(parts[: at + 1])) <= LONGEST]
    return f"with {', '.join(fitting)}" if fitting else ""


def example(exercise: Exercise, oracle: Oracle, case: Case, difference: Difference) -> str:
    """The sentence on one wrong answer."""
    about, right = given(exercise, case.inputs), case.told(oracle)
    opening = f"For example, {about}" if about else "In a public example"
    inner, got, wanted = _place(difference)
    name, bracket, rest = f"{difference.where}{inner}".partition("[")
    whole = spoken(name) == ANSWER or name.endswith("(…)") or len(right) == 1
    subject = ANSWER if whole else name
    spot = f"entry {bracket}{rest} of {subject}" if bracket and " " in subject else f"{subject}{bracket}{rest}"
    call = about[:1] == "`" and spot == ANSWER
    said = f"{opening} gives {got}" if call else f"{opening}{',' * bool(about)} {spot} is {got}"
    always = compare(right, _drawn(exercise).get(case.name, case).told(oracle), 1e-9) is None
    fixed = always and np.size(difference.right) and not isinstance(difference.right, bool)
    return f"{said}." if fixed else f"{said}; right is {wanted}."


@cache
def _drawn(exercise: Exercise) -> dict[str, Case]:
    """The cases of that draw by name."""
    return {each.name: each for each in exercise.draw(np.random.default_rng(SEED))}


def _place(difference: Difference) -> tuple[str, str, str]:
    """The first wrong place within what differs, what came there, and what is right."""
    got, right, inner = difference.got, difference.right, ""
    if difference.kind == "shape":
        came = f"an array of shape {list(np.shape(got))}" if np.ndim(got) else f"the number {shown(got)}"
        return "", came, f"an array of shape {list(right.shape)}" if right.ndim else f"the number {shown(right)}"
    if difference.kind in ("value", "finite") and isinstance(right, np.ndarray) and right.size > 4:
        off = np.abs(np.nan_to_num(np.asarray(got, dtype=np.float64), nan=np.inf) - right)
        at = np.unravel_index(int(off.argmax()), right.shape)
        inner = f"[{', '.join(map(str, at[1:] if len(right) == 1 and right.ndim > 1 else at))}]"
        got, right = got[at], right[at]
    few, more, all_digits = ((shown(got, digits), shown(right, digits)) for digits in (4, 7, 17))
    pairs = (few, more, (describe(got), describe(right)), all_digits)  # of long lists only the beginnings are shown
    return inner, *next((pair for pair in pairs if pair[0] != pair[1]), all_digits)


def shown(value: Any, digits: int = 4) -> str:
    """A value as a student would write it, cut where it is long."""
    if isinstance(value, np.ndarray) and value.ndim > 1 and value.size > FEW_ROWS:
        return f"an array of shape {list(value.shape)}"
    text = _written(value.tolist() if isinstance(value, np.ndarray | np.generic) else value, digits)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"


def _written(value: Any, digits: int) -> str:
    if isinstance(value, list | tuple):
        more = ["…"] * (len(value) > FEW)
        return f"[{', '.join([shown(each, digits) for each in value[:FEW]] + more)}]"
    if isinstance(value, str) and (len(value) > 2 * FEW or NUMBER.fullmatch(value)):  # a text, or a number as one
        try:
            value = float(value)
        except ValueError:
            return repr(value[:60])
    if isinstance(value, Mapping):
        return describe(value)
    return f"{value:.{digits}g}" if isinstance(value, float) else repr(value)
