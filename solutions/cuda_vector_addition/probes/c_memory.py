"""Drive ``c_memory``."""

from .c_programs import memory as probe

__all__ = ["probe"]
