"""Attacks on the machine."""

from . import access, boundary, exhaustion, survivors

__all__ = ["access", "boundary", "exhaustion", "survivors"]
