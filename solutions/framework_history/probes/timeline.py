"""Drive ``timeline``."""

from .tables import timeline as probe

__all__ = ["probe"]
