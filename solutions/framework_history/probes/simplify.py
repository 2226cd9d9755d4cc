"""Drive ``simplify``."""

from .formulas import simplify as probe

__all__ = ["probe"]
