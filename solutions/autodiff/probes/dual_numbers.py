"""Drive ``dual_numbers``."""

from .scalars import dual_numbers as probe

__all__ = ["probe"]
