"""Drive ``yaml_objects``."""

from .loading import yaml_objects as probe

__all__ = ["probe"]
