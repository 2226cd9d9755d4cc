"""Drive ``scalar_tape``."""

from .scalars import scalar_tape as probe

__all__ = ["probe"]
