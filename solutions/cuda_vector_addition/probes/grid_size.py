"""Drive ``grid_size``."""

from .kernels import grid_size as probe

__all__ = ["probe"]
