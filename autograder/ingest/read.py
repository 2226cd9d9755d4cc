"""Read what a student handed in: bytes of any kind → the cells that are in it."""

from __future__ import annotations


class Ungradable(Exception):
    """The file holds no notebook to grade; the message is a sentence that tells the student what to hand in instead."""
