"""Drive ``backward_pass``."""

from .graph import backward_pass as probe

__all__ = ["probe"]
