"""Attacks on the interpreter that runs the notebook."""

from . import hooks, patches

__all__ = ["hooks", "patches"]
