"""Kernels, and what they call: ``@kernel``, ``@device``, barriers, shared memory, atomics."""

import ast
import inspect
from collections.abc import Callable
from sys import _getframe
from types import FunctionType
from typing import Any, NoReturn

import numpy as np
from numpy.typing import DTypeLike

from lifelong.cuda.finding import report
from lifelong.cuda.host_pointer import HostPointer, host_kind
from lifelong.cuda.launch import Launch
from lifelong.cuda.memory import Array, Shape, as_shape
from lifelong.cuda.race import races
from lifelong.cuda.recording import Recording, current_recording
from lifelong.cuda.rewrite import generator_function
from lifelong.cuda.schedule import Schedule, check_shape
from lifelong.cuda.threads import Now, Thread, running_thread


class Device:
    """A ``__device__`` function: one that kernels call, and that touches arrays or waits at barriers itself."""

    def __init__(self, function: FunctionType, definition: ast.FunctionDef | None = None) -> None:
        self._function, self._definition = function, definition
        self._body: FunctionType | None = None
        self.__name__, self.__doc__ = function.__name__, function.__doc__

    @property
    def body(self) -> FunctionType:
        """The function as a generator function."""
        if self._body is None:
            self._body = generator_function(self._function, _meaning, self._definition)
        return self._body

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Where a call could not be rewritten, e.g. in a comprehension: the plain function, without stops."""
        running_thread(f"the device function {self.__name__}")
        return self._function(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<device function {self.__name__}>"


class Kernel:
    """A ``__global__`` function; launch it as ``add[grid, block](a, b, c)``."""

    def __init__(self, function: FunctionType, definition: ast.FunctionDef | None = None) -> None:
        self._device = Device(function, definition)
        self.__wrapped__ = function
        self._signature = inspect.signature(function)
        self._globals = function.__globals__
        self.__name__, self.__doc__ = function.__name__, function.__doc__

    def __getitem__(self, shape: Any) -> Callable[..., Launch]:
        """The kernel with a launch shape.

        Args:
            shape: blocks of the grid and threads of a block, each one number or up to three (x, y, z).
        """
        if not isinstance(shape, tuple) or len(shape) != 2:
            raise TypeError(f"a launch has a grid and a block: {self.__name__}[blocks, threads](…)")
        grid = check_shape(self.__name__, "grid", shape[0])
        block = check_shape(self.__name__, "block", shape[1])
        return lambda *args, **kwargs: self._launch(Launch(self.__name__, grid, block, self._globals), args, kwargs)

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError(f"a kernel needs a launch shape: {self.__name__}[blocks, threads](…)")

    def _launch(self, launch: Launch, args: Any, kwargs: Any) -> Launch:
        if Now.thread is not None:  # its threads would pass for others of the launch that runs
            raise RuntimeError(f"the kernel {self.__name__} cannot be launched in a kernel: the host launches")
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{self.__name__}{self._signature}: {error}") from None
        record = current_recording()
        _Last.launch = launch
        if record is not None:
            record.launches.append(launch)
        for name, value in bound.arguments.items():
            bound.arguments[name] = _argument(launch, name, value)
        if launch.blocks:
            order = _order(record)
            body, positional, named = self._device.body, bound.args, bound.kwargs
            try:
                Schedule(launch, lambda: body(*positional, **named), *order).run()
            finally:
                launch.close()
            launch.conclude(races(launch))
        report(launch.findings)
        return launch

    def __repr__(self) -> str:
        return f"<kernel {self.__name__}{self._signature}>"


class _Last:
    """The last launch, and how many there were outside of recordings."""

    launch: Launch | None = None
    count = 0


def last_launch() -> Launch:
    """The launch that came last.

    Raises:
        RuntimeError: there was none.
    """
    if _Last.launch is None:
        raise RuntimeError("no kernel has been launched yet")
    return _Last.launch


def _order(record: Recording | None) -> tuple[int, bool, int]:
    if record is None:
        _Last.count += 1
        return _Last.count, True, 1
    return record.seed * 1000 + len(record.launches), record.interleaved, record.burst


def _argument(launch: Launch, name: str, value: Any) -> Any:
    """An argument as the threads see it."""
    if isinstance(value, Array):
        if not value.freed and value.logs is None:
            value.name = name
            launch.begin(value)
        return value
    kind = host_kind(value)
    if kind:
        return HostPointer(name, kind, np.shape(value))
    return value.item() if isinstance(value, np.generic) else value


def kernel(function: Callable[..., Any]) -> Kernel:
    """Make a function of threads a kernel."""
    assert isinstance(function, FunctionType)
    return Kernel(function)


def device(function: Callable[..., Any]) -> Device:
    """Make a function callable from kernels, where it may touch arrays and wait at barriers."""
    assert isinstance(function, FunctionType)
    return Device(function)


def syncthreads() -> None:
    """Wait until every thread of the block has come here.

    Raises:
        RuntimeError: it is called where no thread can wait.
    """
    if Now.thread is None:
        running_thread("syncthreads()")
    raise RuntimeError("syncthreads() must stand in a kernel itself, or in a function under @device")


class _Shared:
    """Memory of a block."""

    def array(self, shape: Shape, dtype: DTypeLike = np.float32, name: str = "shared memory") -> Array:
        """An array that all threads of a block share, and no other block sees; nothing is in it at first.

        Args:
            shape: one number or several; the same for all threads.
            dtype: of its cells.
            name: for messages; by default the variable that it is assigned to.
        """
        thread = running_thread("shared.array")
        frame = _getframe(1)
        block, key = thread.block, (frame.f_code, frame.f_lasti)
        if key not in block.shared:
            block.shared[key] = Array(shape, dtype, name, shared=True)
            block.launch.begin(block.shared[key])
        found: Array = block.shared[key]
        if found.shape != as_shape(shape):
            raise ValueError(f"{name}: all threads of a block must ask for the same shape")
        return found


shared = _Shared()
"""``shared.array(shape, dtype)`` is a block's own memory."""


def _meaning(value: Any) -> str:
    if value is syncthreads:
        return "barrier"
    if isinstance(value, Device):
        return "device"
    return "shared" if value == shared.array else ""


def _atomic(array: Any, index: Any, change: Callable[[Any], Any], name: str) -> Any:
    thread: Thread = running_thread(name)
    if not isinstance(array, Array | HostPointer):
        raise TypeError(f"{name}(array, index, …) takes the array and the index, not the cell's content")
    return array.update(index, thread, _getframe(2).f_lineno, change)


def atomicAdd(array: Array, index: Any, value: Any) -> Any:
    """Add to a cell at one go; returns what was there before."""
    return _atomic(array, index, lambda old: old + value, "atomicAdd")


def atomicSub(array: Array, index: Any, value: Any) -> Any:
    """Subtract from a cell at one go; returns what was there before."""
    return _atomic(array, index, lambda old: old - value, "atomicSub")


def atomicMax(array: Array, index: Any, value: Any) -> Any:
    """Raise a cell to at least a value at one go; returns what was there before."""
    return _atomic(array, index, lambda old: max(old, value), "atomicMax")


def atomicMin(array: Array, index: Any, value: Any) -> Any:
    """Lower a cell to at most a value at one go; returns what was there before."""
    return _atomic(array, index, lambda old: min(old, value), "atomicMin")


def atomicExch(array: Array, index: Any, value: Any) -> Any:
    """Replace a cell's content at one go; returns what was there before."""
    return _atomic(array, index, lambda old: value, "atomicExch")


def atomicCAS(array: Array, index: Any, compare: Any, value: Any) -> Any:
    """Replace a cell's content if it equals ``compare``, at one go; returns what was there before."""
    return _atomic(array, index, lambda old: value if old == compare else old, "atomicCAS")
