"""Drive ``nested_derivatives``."""

from .scalars import nested_derivatives as probe

__all__ = ["probe"]
