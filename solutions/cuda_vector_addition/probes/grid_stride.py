"""Drive ``grid_stride``."""

from .kernels import grid_stride as probe

__all__ = ["probe"]
