"""Attacks on the machine."""

from . import access, boundary, exhaustion

__all__ = ["access", "boundary", "exhaustion"]
