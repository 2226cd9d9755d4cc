"""Drive ``unbroadcast``."""

from .arrays import unbroadcast as probe

__all__ = ["probe"]
