"""Drive ``gradient_tape``."""

from .recording import gradient_tape as probe

__all__ = ["probe"]
