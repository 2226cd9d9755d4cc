"""Drive ``global_index``."""

from .kernels import global_index as probe

__all__ = ["probe"]
