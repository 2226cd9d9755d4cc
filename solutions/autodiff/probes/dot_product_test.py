"""Drive ``dot_product_test``."""

from .arrays import dot_product_test as probe

__all__ = ["probe"]
