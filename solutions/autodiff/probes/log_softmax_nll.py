"""Drive ``log_softmax_nll``."""

from .loss import log_softmax_nll as probe

__all__ = ["probe"]
