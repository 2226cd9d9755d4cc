"""The red team: hostile submissions, run for real, and what each of them achieved."""

from . import crafted  # its functions enter themselves
from .corpus import ATTACKS, Aim, Attack, enter

__all__ = ["ATTACKS", "Aim", "Attack"]

for _theme in ("interpreter", "lying", "metadata", "reader", "system"):
    enter(_theme)
ATTACKS.sort(key=lambda each: each.theme)
