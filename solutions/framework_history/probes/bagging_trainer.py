"""Drive ``bagging_trainer``."""

from .trainers import bagging_trainer as probe

__all__ = ["probe"]
