"""Drive ``session_run``."""

from .sessions import session_run as probe

__all__ = ["probe"]
