"""Drive ``train_on_tape``."""

from .loss import train_on_tape as probe

__all__ = ["probe"]
