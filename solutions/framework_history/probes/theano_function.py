"""Drive ``theano_function``."""

from .formulas import theano_function as probe

__all__ = ["probe"]
