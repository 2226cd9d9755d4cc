"""Drive ``symbolic_grad``."""

from .formulas import symbolic_grad as probe

__all__ = ["probe"]
