"""Drive ``tensor_tape``."""

from .arrays import tensor_tape as probe

__all__ = ["probe"]
