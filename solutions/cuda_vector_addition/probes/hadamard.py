"""Drive ``hadamard``."""

from .kernels import hadamard as probe

__all__ = ["probe"]
