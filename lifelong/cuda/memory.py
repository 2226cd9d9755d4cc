"""Arrays of the device: memory that kernels may touch, and the host may not.

Each cell knows whether it was ever written. Around the cells is a guard zone, which an access that is out of bounds
hits, as in C: it neither stops the kernel nor does nothing.
"""

import math
from collections.abc import Callable, Sequence
from sys import _getframe
from typing import Any, NoReturn

import numpy as np
from numpy.typing import DTypeLike, NDArray

from lifelong.cuda.finding import Finding, Kind, report
from lifelong.cuda.threads import Now, Thread, running_thread

TYPES = ("float32", "float64", "int32", "int64", "uint8", "uint32", "bool")
MARGIN = 64
"""Cells of the guard zone on either side."""

READ, WRITE, ATOMIC = 0, 1, 2

Shape = int | Sequence[int]


def as_shape(shape: Shape) -> tuple[int, ...]:
    """A shape as a tuple.

    Raises:
        TypeError: a side is no integer.
        ValueError: a side is not positive.
    """
    sides = tuple(shape) if isinstance(shape, Sequence) else (shape,)
    for side in sides:
        if isinstance(side, bool) or not isinstance(side, int | np.integer):
            raise TypeError(f"a shape is one integer or several, not {shape!r}")
        if side < 1:
            raise ValueError(f"an array needs at least one cell in each direction, not {shape!r}")
    return tuple(int(side) for side in sides)


def _refused(operator: str) -> Callable[[Any, Any], NoReturn]:
    """The method of an operator, which there is on the device only."""
    return lambda array, other: array._refuse(f"{array.host_name} {operator} …")


class Array:
    """Cells in device or shared memory; arithmetic on what is read is Python's, in double precision.

    Args:
        shape: its shape; cells are stored row by row.
        dtype: one of TYPES.
        name: the variable that holds it.
        shared: whether it is a block's.

    Attributes:
        shape, dtype, shared: as above.
        size, ndim: number of cells, and of indices.
        nbytes: bytes of all cells together, for ``cudaMalloc`` and ``cudaMemcpy``.
        host_name: what the host calls it.
        name: what the kernel calls it that runs.
        freed: whether its memory has been given back.
        written: a byte for each cell, 1 once it has been written.
        logs: per access (cell, thread number, epoch, kind, line, value of a write or 0) of the running launch, or None.
    """

    def __init__(self, shape: Shape, dtype: DTypeLike, name: str, shared: bool = False) -> None:
        self.shape, self.dtype, self.shared = as_shape(shape), np.dtype(dtype), shared
        self.name = self.host_name = name
        if self.dtype.name not in TYPES:
            raise TypeError(f"an array of the simulator holds {', '.join(TYPES)}, not {self.dtype.name}")
        self.freed = False
        self.size, self.ndim = math.prod(self.shape), len(self.shape)
        self.nbytes = self.size * self.dtype.itemsize
        self._flat = self.ndim == 1
        self._whole: bool = self.dtype.kind in "iub"
        self._memory: NDArray[Any] = np.empty(self.size + 2 * MARGIN, self.dtype)
        self._memory.fill(np.nan if not self._whole else 1 if self.dtype.kind == "b" else 0xAA)
        self._cells = memoryview(self._memory)  # type: ignore[arg-type]
        self.written = bytearray(self.size)
        self.logs: list[tuple[int, int, int, int, int, Any]] | None = None

    def raw(self) -> NDArray[Any]:
        """A view of all the memory, guard zones included, for the simulator's own use."""
        return self._memory

    def values(self) -> NDArray[Any]:
        """A view of the cells in the array's shape, for the simulator's own use."""
        return self._memory[MARGIN:-MARGIN].reshape(self.shape)

    # Accesses by threads.

    def read(self, index: Any, thread: Thread, line: int) -> Any:
        """What a thread reads from a cell; a row of a matrix if an index is missing."""
        if self._flat and type(index) is int and 0 <= index < self.size and self.logs is not None:
            cell = index
        else:
            if self._flat is False and not isinstance(index, tuple):
                return Row(self, (index,))
            where = self._locate(index, thread, line, "reads")
            if where is None:
                return 0 if self._whole else math.nan
            cell = where
        if not 0 <= cell < self.size:
            return self._cells[cell + MARGIN]
        assert self.logs is not None
        self.logs.append((cell, thread.number, thread.block.epoch, READ, line, 0))
        if not self.written[cell]:
            thread.block.launch.unwritten_read(self, cell, thread, line)
        return self._cells[cell + MARGIN]

    def write(self, value: Any, index: Any, thread: Thread, line: int) -> None:
        """A thread writes a cell."""
        if self._flat and type(index) is int and 0 <= index < self.size and self.logs is not None:
            cell = index
        else:
            where = self._locate(index, thread, line, "writes")
            if where is None:
                return
            cell = where
        if self._whole:
            value = bool(value) if self.dtype.kind == "b" else int(value)
        try:
            self._cells[cell + MARGIN] = value
        except (TypeError, ValueError, OverflowError):
            raise TypeError(f"{self.name}[…] holds {self.dtype.name}, and {value!r} does not fit in") from None
        if 0 <= cell < self.size:
            assert self.logs is not None
            self.logs.append((cell, thread.number, thread.block.epoch, WRITE, line, value))
            self.written[cell] = 1

    def update(self, index: Any, thread: Thread, line: int, change: Any) -> Any:
        """Replace a cell's content by ``change(content)`` at one go; returns what was there before."""
        where = self._locate(index, thread, line, "updates")
        if where is None:
            return 0
        old = self._cells[where + MARGIN]
        self._cells[where + MARGIN] = change(old)
        if 0 <= where < self.size:
            assert self.logs is not None
            self.logs.append((where, thread.number, thread.block.epoch, ATOMIC, line, 0))
            if not self.written[where]:
                thread.block.launch.unwritten_read(self, where, thread, line)
            self.written[where] = 1
        return old

    def unravel(self, cell: int) -> tuple[int, ...]:
        """A cell's index, one number per direction."""
        return tuple(int(part) for part in np.unravel_index(cell, self.shape))

    def _locate(self, index: Any, thread: Thread, line: int, verb: str) -> int | None:
        """The cell's number, in the guard zone too; None where there is no memory of this array at all."""
        launch = thread.block.launch
        parts = index if isinstance(index, tuple) else (index,)
        for part in parts:
            if isinstance(part, bool) or not isinstance(part, int | np.integer):
                kind = "a slice" if isinstance(part, slice) else f"{part!r}, of type {type(part).__name__}"
                hint = " (use // where you divide)" if isinstance(part, float) else ""
                raise TypeError(f"an index of {self.name} is a whole number, not {kind}{hint}")
        if len(parts) != len(self.shape):
            raise TypeError(f"{self.name} has {len(self.shape)} indices, not {len(parts)}")
        numbers = tuple(int(part) for part in parts)
        if self.freed:
            launch.use_after_free(self, numbers, thread, line, verb)
            return None
        if self.logs is None:
            launch.begin(self)
        if not all(0 <= part < side for part, side in zip(numbers, self.shape, strict=True)):
            launch.out_of_bounds(self, numbers, thread, line, verb)
        cell = 0
        for part, side in zip(numbers, self.shape, strict=True):
            cell = cell * side + part
        return cell if -MARGIN <= cell < self.size + MARGIN else None

    # Accesses in the parts of a kernel that are not rewritten: the same without a stop. On the host: refused.

    def __getitem__(self, index: Any) -> Any:
        return self.read(index, self._thread(f"{self.host_name}[{_text(index)}]"), _getframe(1).f_lineno)

    def __setitem__(self, index: Any, value: Any) -> None:
        self.write(value, index, self._thread(f"{self.host_name}[{_text(index)}] = …"), _getframe(1).f_lineno)

    def _thread(self, what: str) -> Thread:
        if Now.thread is None:
            self._refuse(what)
        return running_thread(what)

    def _refuse(self, what: str) -> NoReturn:
        text = f"the host cannot do `{what}`: {self.host_name} lies in the device's memory. Copy it back first (cudaMemcpy with cudaMemcpyDeviceToHost, or {self.host_name}.copy_to_host())."
        report([Finding(Kind.HOST_ACCESS, text, array=self.host_name)])
        raise TypeError(text)  # there is no value to go on with, recorded or not

    def __array__(self, *_: Any, **__: Any) -> NDArray[Any]:
        self._refuse(f"np.asarray({self.host_name})")

    def __iter__(self) -> NoReturn:
        self._refuse(f"for … in {self.host_name}")

    def __len__(self) -> int:
        return self.shape[0]

    __add__ = __radd__ = _refused("+")
    __sub__ = __rsub__ = _refused("-")
    __mul__ = __rmul__ = _refused("*")
    __array_ufunc__ = None

    def __repr__(self) -> str:
        where = "shared" if self.shared else "device"
        return f"<{where} array {self.host_name}: {self.dtype.name}, shape {list(self.shape)}>"


class Row:
    """An array with its first indices given: ``a[i]`` in ``a[i][j]``."""

    __slots__ = ("_array", "_start")

    def __init__(self, array: Array, start: tuple[Any, ...]) -> None:
        self._array, self._start = array, start

    def read(self, index: Any, thread: Thread, line: int) -> Any:
        """As ``Array.read`` with the index completed."""
        whole = (*self._start, index)
        return self._array.read(whole, thread, line) if len(whole) == self._array.ndim else Row(self._array, whole)

    def write(self, value: Any, index: Any, thread: Thread, line: int) -> None:
        """As ``Array.write`` with the index completed."""
        self._array.write(value, (*self._start, index), thread, line)


def _text(index: Any) -> str:
    return ", ".join(map(str, index)) if isinstance(index, tuple) else str(index)
