"""Drive ``onnx_exchange``."""

from .exchange import onnx_exchange as probe

__all__ = ["probe"]
