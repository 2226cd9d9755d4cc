"""Drive ``torch7_containers``."""

from .layers import torch7_containers as probe

__all__ = ["probe"]
