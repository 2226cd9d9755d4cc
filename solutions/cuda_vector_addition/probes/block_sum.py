"""Drive ``block_sum``."""

from .kernels import block_sum as probe

__all__ = ["probe"]
