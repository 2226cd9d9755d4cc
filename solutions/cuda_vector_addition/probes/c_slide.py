"""Drive ``c_slide``."""

from .c_programs import slide as probe

__all__ = ["probe"]
