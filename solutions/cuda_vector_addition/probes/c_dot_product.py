"""Drive ``c_dot_product``."""

from .c_programs import dot_product as probe

__all__ = ["probe"]
