"""Drive ``keras_graph``."""

from .layers import keras_graph as probe

__all__ = ["probe"]
