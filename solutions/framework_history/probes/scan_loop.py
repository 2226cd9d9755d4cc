"""Drive ``scan_loop``."""

from .loops import scan_loop as probe

__all__ = ["probe"]
