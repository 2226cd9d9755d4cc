"""The red team: hostile submissions, run for real, and what each of them achieved."""

from . import interpreter, lying, metadata, reader, system
from .corpus import ATTACKS, Aim, Attack

__all__ = ["ATTACKS", "Aim", "Attack", "interpreter", "lying", "metadata", "reader", "system"]
