"""Drive ``hessian_vector``."""

from .scalars import hessian_vector as probe

__all__ = ["probe"]
