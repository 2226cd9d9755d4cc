"""What the host may do with device memory: CUDA's own calls, and the Pythonic ones."""

import ast
import linecache
from enum import IntEnum
from itertools import islice
from sys import _getframe
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from lifelong.cuda.finding import Finding, Kind, report
from lifelong.cuda.host_pointer import host_kind
from lifelong.cuda.memory import Array, Shape


class MemcpyKind(IntEnum):
    """The direction of a copy."""

    cudaMemcpyHostToHost = 0
    cudaMemcpyHostToDevice = 1
    cudaMemcpyDeviceToHost = 2
    cudaMemcpyDeviceToDevice = 3


cudaMemcpyHostToHost = MemcpyKind.cudaMemcpyHostToHost
cudaMemcpyHostToDevice = MemcpyKind.cudaMemcpyHostToDevice
cudaMemcpyDeviceToHost = MemcpyKind.cudaMemcpyDeviceToHost
cudaMemcpyDeviceToDevice = MemcpyKind.cudaMemcpyDeviceToDevice


class DeviceArray(Array):
    """An array in the device's memory."""

    def copy_to_host(self) -> NDArray[Any]:
        """A copy of its cells as a NumPy array."""
        result: NDArray[Any] = np.zeros(self.shape, self.dtype)
        _copy(result, self, self.nbytes, MemcpyKind.cudaMemcpyDeviceToHost)
        return result


UNNAMED = "the array"

_allocated: list[DeviceArray] = []
"""What cudaMalloc gave out and cudaFree has not taken back."""


def cudaMalloc(shape: Shape, dtype: DTypeLike = np.float32) -> DeviceArray:
    """Memory of the device, with nothing in it; ``cudaFree`` gives it back.

    Args:
        shape: number of cells, or (rows, columns), …
        dtype: of its cells.
    """
    array = DeviceArray(shape, dtype, _assigned_name())
    _allocated.append(array)
    return array


def cudaMemcpy(dst: Any, src: Any, count: int, kind: MemcpyKind) -> None:
    """Copy memory, from the first cell on.

    Args:
        dst: where to: a NumPy array on the host's side, a device array on the device's.
        src: where from.
        count: bytes, e.g. ``a.nbytes``.
        kind: the direction, e.g. ``cudaMemcpyHostToDevice``.
    """
    _copy(dst, src, count, MemcpyKind(kind))


def cudaMemset(dst: Any, value: int, count: int) -> None:
    """Set each of the first ``count`` bytes of device memory to ``value``, 0 … 255."""
    if not _is_device("cudaMemset", dst) or not _alive("cudaMemset", dst):
        return
    if not 0 <= count <= dst.nbytes:
        _report(Kind.COPY_SIZE, f"cudaMemset: {count} bytes, but {dst.host_name} has {dst.nbytes}.", dst.host_name)
        return
    dst.values().reshape(-1).view(np.uint8)[:count] = value
    _mark(dst, count)


def cudaFree(array: Any) -> None:
    """Give memory of the device back."""
    if not _is_device("cudaFree", array):
        return
    if array.freed:
        _report(Kind.DOUBLE_FREE, f"cudaFree: {array.host_name} has been given back already.", array.host_name)
        return
    array.freed = True
    _allocated[:] = [each for each in _allocated if each is not array]


def cudaDeviceReset() -> None:
    """Give all of the device's memory back at a program's end, and report what the program forgot to."""
    findings = []
    for array in _allocated:
        name, array.freed = array.host_name, True
        text = f"{name} ({array.nbytes} bytes) was never given back: cudaFree({name})."
        findings.append(Finding(Kind.LEAK, text, array=name))
    _allocated.clear()
    report(findings)


def to_device(array: Any) -> DeviceArray:
    """A copy of a NumPy array on the device; it goes when nothing refers to it any more, as Python's objects do."""
    values = np.asarray(array)
    copy = DeviceArray(values.shape or 1, values.dtype, _assigned_name())
    copy.values()[...] = values
    _mark(copy, copy.nbytes)
    return copy


def device_array(shape: Shape, dtype: DTypeLike = np.float32) -> DeviceArray:
    """An array of the device with nothing in it; it goes when nothing refers to it any more."""
    return DeviceArray(shape, dtype, _assigned_name())


def _copy(dst: Any, src: Any, count: int, kind: MemcpyKind) -> None:
    sides = {"host": "the host", "device": "the device"}
    to_side, from_side = ("device" if kind in (1, 3) else "host"), ("device" if kind in (2, 3) else "host")
    for what, value, should in (("dst", dst, to_side), ("src", src, from_side)):
        side = "device" if isinstance(value, DeviceArray) else "host" if host_kind(value) == "a NumPy array" else ""
        if not side:
            raise TypeError(f"cudaMemcpy: {what} is of type {type(value).__name__}, no NumPy array and no device array")
        if side != should:
            name = _name(value) or what
            text = f"cudaMemcpy(dst, src, count, {kind.name}): that direction needs {what} on {sides[should]}, but {name} is on {sides[side]}. The order is: where to, where from, how many bytes, which direction."
            _report(Kind.COPY_DIRECTION, text, _name(value))
            return
    if not all(_alive("cudaMemcpy", each) for each in (dst, src) if isinstance(each, DeviceArray)):
        return
    if dst.dtype != src.dtype:
        text = f"cudaMemcpy copies bytes, and {_name(src) or 'src'} holds {src.dtype.name}, {_name(dst) or 'dst'} {dst.dtype.name}: the numbers would be nonsense. Use the same dtype on both sides."
        _report(Kind.COPY_TYPE, text, _name(dst) or _name(src))
        return
    for what, value in (("dst", dst), ("src", src)):
        if count > value.nbytes or count < 0:
            text = f"cudaMemcpy: {count} bytes, but {_name(value) or what} has {value.nbytes}."
            _report(Kind.COPY_SIZE, text, _name(value))
            return
    if isinstance(src, DeviceArray) and to_side == "host":
        _check_written(src, count)
    _bytes(dst)[:count] = _bytes(src)[:count]
    if isinstance(dst, DeviceArray):
        _mark(dst, count, src)


def _bytes(value: Any) -> NDArray[np.uint8]:
    cells = value.values() if isinstance(value, DeviceArray) else value
    if not cells.flags.c_contiguous:
        raise TypeError("cudaMemcpy needs an array whose cells lie one after the other: np.ascontiguousarray(…)")
    flat: NDArray[np.uint8] = cells.reshape(-1).view(np.uint8)
    return flat


def _mark(array: DeviceArray, count: int, source: Any = None) -> None:
    """Note that the first bytes have been written, except those that are unwritten at the source."""
    cells = -(-count // array.dtype.itemsize)
    array.written[:cells] = source.written[:cells] if isinstance(source, DeviceArray) else b"\1" * cells


def _check_written(array: DeviceArray, count: int) -> None:
    """Report cells that are copied to the host although nothing was ever written to them."""
    cells = count // array.dtype.itemsize
    empty = [cell for cell in range(cells) if not array.written[cell]]
    if not empty:
        return
    index = array.unravel(empty[0])
    where = ", ".join(map(str, index))
    last = ", ".join(map(str, array.unravel(empty[-1])))
    which = f"[{where}]" if len(empty) == 1 else f"[{where}] … [{last}] ({len(empty)} of {cells} cells)"
    text = f"{array.host_name} is copied to the host, but nothing was ever written to {array.host_name}{which}. Are there enough threads, and does each one find its cell?"
    report([Finding(Kind.UNWRITTEN_OUTPUT, text, array=array.host_name, index=index, count=len(empty))])


def _is_device(call: str, array: Any) -> bool:
    if isinstance(array, DeviceArray):
        return True
    if host_kind(array):
        _report(Kind.HOST_POINTER, f"{call}: that is {host_kind(array)} of the host, no memory of the device.", "")
        return False
    raise TypeError(f"{call} takes a device array, not {type(array).__name__}")


def _alive(call: str, array: DeviceArray) -> bool:
    if array.freed:
        text = f"{call}: the memory of {array.host_name} was given back by cudaFree before."
        _report(Kind.USE_AFTER_FREE, text, array.host_name)
    return not array.freed


def _report(kind: Kind, text: str, array: str) -> None:
    report([Finding(kind, text, array=array)])


def _name(value: Any) -> str:
    return value.host_name if isinstance(value, DeviceArray) else ""


def _assigned_name() -> str:
    """The variable that the caller's line assigns the call to, as ``d_a`` in ``d_a = cudaMalloc(n)``."""
    frame = _getframe(2)
    positions = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    line = linecache.getline(frame.f_code.co_filename, frame.f_lineno, frame.f_globals)
    try:
        statement = ast.parse(line.strip()).body[0]
    except (SyntaxError, IndexError):
        return UNNAMED
    if not isinstance(statement, ast.Assign):
        return UNNAMED
    targets, values = ([part] for part in (statement.targets[0], statement.value))
    if isinstance(targets[0], ast.Tuple) and isinstance(values[0], ast.Tuple):
        targets, values = targets[0].elts, values[0].elts
    indent = len(line) - len(line.lstrip())
    for target, value in zip(targets, values, strict=False):
        if isinstance(target, ast.Name) and value.col_offset + indent == positions[2]:
            return target.id
    return UNNAMED
