"""Drive ``sgd_engine``."""

from .loops import sgd_engine as probe

__all__ = ["probe"]
