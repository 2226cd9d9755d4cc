"""The reference methods of hw14: the definitions of its source notebook, without running any of its cells."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from autograder.verify.reference import reference
from lifelong import Method

SOURCE = Path(__file__).parents[1] / "solutions" / "hw14" / "hw14.py"
PUBLISHED = {"Baseline": 83.72, "EWC": 91.09, "MAS": 95.09, "SI": 90.43, "RWalk": 93.99, "SCP": 92.62}
"""Final average accuracy in percent over 5 tasks: one unseeded run of the public notebook (NTU ML 2021, HW14)."""
METHODS = tuple(PUBLISHED)


@cache
def definitions() -> dict[str, Any]:
    """The functions and classes of the notebook, and its table ``STRENGTHS``, by name."""
    return reference(SOURCE)


def kind(method: str) -> type[Method]:
    """The class of a method by its name."""
    found: type[Method] = Method if method == "Baseline" else definitions()[method]
    return found


def strength(method: str) -> float:
    """The λ that the notebook gives to a method."""
    return float(definitions()["STRENGTHS"][kind(method)])


def make(method: str, strength: float) -> Method:
    """A fresh method with a λ."""
    made = kind(method)()
    made.strength = strength
    return made
