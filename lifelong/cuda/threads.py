"""Threads and blocks while they run, and the variables ``threadIdx``, ``blockIdx``, ``blockDim`` and ``gridDim``."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any, Protocol

from lifelong.cuda.place import Place, Three

Body = Generator[Any, Any, Any]
"""A kernel's run by one thread: yields each access and barrier before it takes place."""


class Observer(Protocol):
    """What threads, and the arrays that they touch, report to: their launch.

    Attributes:
        grid, block: blocks of the grid and threads of a block, (x, y, z).
        globals: the names that the kernel's module or notebook defines.
    """

    grid: Three
    block: Three
    globals: Mapping[str, Any]

    def begin(self, array: Any) -> None:
        """From now on an array's accesses belong to this launch."""

    def out_of_bounds(self, array: Any, index: tuple[int, ...], thread: Thread, line: int, verb: str) -> None:
        """An access outside of an array."""

    def unwritten_read(self, array: Any, cell: int, thread: Thread, line: int) -> None:
        """A read of a cell that nobody has written."""

    def use_after_free(self, array: Any, index: tuple[int, ...], thread: Thread, line: int, verb: str) -> None:
        """An access to memory that was given back."""

    def host_pointer(self, name: str, kind: str, index: tuple[int, ...], thread: Thread, line: int) -> None:
        """An access to host memory."""


class Block:
    """A block while it runs.

    Attributes:
        index: its (x, y, z) in the grid.
        launch: the launch that it belongs to.
        size: its number of threads.
        epoch: how many barriers it has passed.
        waiting: (thread, line) of those that wait at a barrier.
        ended: threads that have returned.
        shared: by the place in the source where it was asked for, a shared array.
    """

    __slots__ = ("ended", "epoch", "index", "launch", "shared", "size", "waiting")

    def __init__(self, launch: Observer, index: Three, size: int) -> None:
        self.launch, self.index, self.size = launch, index, size
        self.epoch = 0
        self.waiting: list[tuple[Thread, int]] = []
        self.ended: list[Thread] = []
        self.shared: dict[Any, Any] = {}


class Thread:
    """A thread while it runs.

    Attributes:
        block: the block that it belongs to.
        index: its (x, y, z) in the block.
        number: its number in the launch, blocks one after the other.
        send: resumes its body with the result of its last request.
        request: what it asks for next; None at the start and behind a barrier.
    """

    __slots__ = ("block", "index", "number", "request", "send")

    def __init__(self, block: Block, index: Three, number: int, send: Callable[[Any], Any]) -> None:
        self.block: Block = block
        self.index, self.number, self.send = index, number, send
        self.request: Any = None

    @property
    def place(self) -> Place:
        """Its place in the launch, for messages."""
        return Place(self.block.index, self.index)


class Now:
    """The thread that is running; None on the host."""

    thread: Thread | None = None


def running_thread(name: str) -> Thread:
    """The thread that runs.

    Raises:
        RuntimeError: the host runs.
    """
    if Now.thread is None:
        raise RuntimeError(f"{name} means something to a thread only: use it in a kernel (a function under @kernel).")
    return Now.thread


class _Index:
    """One of the four built-in variables."""

    __slots__ = ("_get", "_name")

    def __init__(self, name: str, get: Callable[[Thread], Three]) -> None:
        self._name, self._get = name, get

    @property
    def x(self) -> int:
        return self._get(Now.thread or running_thread(self._name))[0]

    @property
    def y(self) -> int:
        return self._get(Now.thread or running_thread(self._name))[1]

    @property
    def z(self) -> int:
        return self._get(Now.thread or running_thread(self._name))[2]

    def __repr__(self) -> str:
        return self._name


threadIdx = _Index("threadIdx", lambda thread: thread.index)
"""The thread's index in its block."""
blockIdx = _Index("blockIdx", lambda thread: thread.block.index)
"""The block's index in the grid."""
blockDim = _Index("blockDim", lambda thread: thread.block.launch.block)
"""Threads of a block."""
gridDim = _Index("gridDim", lambda thread: thread.block.launch.grid)
"""Blocks of the grid."""
