"""A thread's place in a launch: the (x, y, z) of its block and its own."""

from typing import NamedTuple

Three = tuple[int, int, int]


class Place(NamedTuple):
    """A thread, by block and by index in its block, each (x, y, z)."""

    block: Three
    thread: Three

    def __str__(self) -> str:
        """E.g. ``thread 3 of block 0``, with all of (x, y, z) where more than x is needed."""
        return f"thread {_short(self.thread)} of block {_short(self.block)}"


def _short(index: tuple[int, int, int]) -> str:
    return str(index[0]) if index[1:] == (0, 0) else f"({index[0]}, {index[1]}, {index[2]})"


def unravel(number: int, sides: Three) -> Three:
    """The (x, y, z) of a number; x runs fastest."""
    x, y, _ = sides
    return number % x, number // x % y, number // (x * y)
