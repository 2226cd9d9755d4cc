"""Drive ``convolution``."""

from .kernels import convolution as probe

__all__ = ["probe"]
