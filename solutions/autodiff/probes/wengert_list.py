"""Drive ``wengert_list``."""

from .scalars import wengert_list as probe

__all__ = ["probe"]
