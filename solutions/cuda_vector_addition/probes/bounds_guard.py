"""Drive ``bounds_guard``."""

from .kernels import bounds_guard as probe

__all__ = ["probe"]
