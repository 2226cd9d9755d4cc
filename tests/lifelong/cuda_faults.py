"""Planted faults for the simulated GPU, each with what must be said of it."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from lifelong.cuda import Kind, Place, cudaDeviceReset, cudaFree, cudaMalloc, cudaMemset, device_array, to_device
from lifelong.cuda.kernel import atomicAdd, kernel, shared, syncthreads
from lifelong.cuda.runtime import cudaMemcpy, cudaMemcpyDeviceToDevice, cudaMemcpyDeviceToHost, cudaMemcpyHostToDevice
from lifelong.cuda.threads import blockDim, blockIdx, threadIdx
from tests.lifelong.cuda_kernels import add, numbers

TABLE = np.arange(16.0)
"""A host array that a faulty kernel reads as if it were on the device."""


def at(block: int, thread: int) -> Place:
    return Place((block, 0, 0), (thread, 0, 0))


@kernel
def no_guard(a, c):
    i = threadIdx.x + blockIdx.x * blockDim.x
    c[i] = a[0]


@kernel
def moves(a, c, source=0, target=0):
    i = threadIdx.x
    c[i + target] = a[i + source]


@kernel
def next_row(a, c):
    c[0, threadIdx.x] = a[0, threadIdx.x]


@kernel
def tile_too_small(c):
    tile = shared.array(4, np.float64)
    tile[threadIdx.x] = 1.0
    syncthreads()
    c[threadIdx.x] = tile[0]


@kernel
def comprehends(a, c):
    c[threadIdx.x] = sum(a[threadIdx.x + k] for k in range(3))


@kernel
def adds_up(a, c):
    c[0] += a[threadIdx.x + blockIdx.x * blockDim.x]


@kernel
def no_barrier(a, c):
    tile = shared.array(blockDim.x, np.float64)
    t = threadIdx.x
    tile[t] = a[t]
    c[t] = tile[blockDim.x - 1 - t]


@kernel
def barrier_missing(a, c):
    tile = shared.array(blockDim.x, np.float64)
    t = threadIdx.x
    tile[t] = a[t]
    syncthreads()
    stride = blockDim.x // 2
    while stride > 0:
        if t < stride:
            tile[t] += tile[t + stride]
        stride //= 2
    if t == 0:
        c[0] = tile[0]


@kernel
def shifts_in_place(c):
    i = threadIdx.x
    if i + 1 < blockDim.x:
        c[i] = c[i + 1]


@kernel
def blocks_hand_over(c):
    if blockIdx.x == 0:
        c[0] = 1.0
    else:
        c[1] = c[0]


@kernel
def reads_what_others_add(c):
    atomicAdd(c, 0, 1.0)
    c[1 + threadIdx.x] = c[0]


@kernel
def clamped(a, c, n):
    i = min(threadIdx.x, n - 1)
    c[i] = a[i]


@kernel
def tile_empty(c):
    tile = shared.array(2, np.float64)
    c[threadIdx.x] = tile[threadIdx.x]


@kernel
def every_second(c):
    if threadIdx.x % 2 == 0:
        c[threadIdx.x] = 1.0


@kernel
def barrier_in_if(c):
    if threadIdx.x < 2:
        syncthreads()
    c[threadIdx.x] = 1.0


@kernel
def early_return(c, n):
    if threadIdx.x >= n:
        return
    c[threadIdx.x] = 1.0
    syncthreads()


@kernel
def two_barriers(c):
    if threadIdx.x < 2:
        c[threadIdx.x] = 1.0
        syncthreads()
    else:
        c[threadIdx.x] = 2.0
        syncthreads()


@kernel
def uneven_loop(c):
    for _ in range(threadIdx.x):
        syncthreads()
    c[threadIdx.x] = 1.0


@kernel
def reads_global_host_array(c):
    c[threadIdx.x] = TABLE[threadIdx.x]


def fed(fault: Any, grid: int, block: int, *sizes: int, more: tuple[Any, ...] = ()) -> Callable[[], None]:
    """A launch with arrays of these sizes, full of numbers."""
    return lambda: fault[grid, block](*(to_device(numbers(size)) for size in sizes), *more)


def unwritten_input() -> None:
    moves[1, 4](cudaMalloc(4), device_array(4))
    cudaDeviceReset()


def half_copied() -> None:
    a, host = device_array(8), np.zeros(8, np.float32)
    cudaMemcpy(a, host, 4 * 4, cudaMemcpyHostToDevice)
    moves[1, 8](a, device_array(8))


def unwritten_output() -> None:
    c = device_array(4)
    every_second[1, 4](c)
    c.copy_to_host()


def too_few_threads() -> None:
    c = cudaMalloc(512)
    add[1, 1](to_device(np.zeros(512, np.float32)), to_device(np.zeros(512, np.float32)), c, 512)
    host = np.zeros(512, np.float32)
    cudaMemcpy(host, c, host.nbytes, cudaMemcpyDeviceToHost)
    cudaFree(c)


def copies(kind: Any, *, size: int = 4, dtype: Any = np.float32, back: bool = False) -> None:
    """A copy of all of a host array to a device array of 4 floats; back for the other way."""
    d, host = device_array(4), np.zeros(size, dtype)
    cudaMemcpy(*((host, d) if back else (d, host)), size * 4, kind)


def leak() -> None:
    d_a = cudaMalloc(4)
    d_b = cudaMalloc(4)
    cudaFree(d_a)
    assert d_b.nbytes == 16
    cudaDeviceReset()


def freed(action: Callable[[Any], object]) -> None:
    """Something that is done to a device array that was written and given back."""
    d_a = cudaMalloc(4)
    cudaMemset(d_a, 0, d_a.nbytes)
    cudaFree(d_a)
    action(d_a)


def touched(action: Callable[[Any], object]) -> None:
    """Something that the host does to a device array."""
    d_a = to_device(numbers(4))
    action(d_a)


def shaped(grid: Any, block: Any) -> Callable[[], None]:
    """A launch of this shape."""
    return lambda: add[grid, block](to_device(numbers(4)), to_device(numbers(4)), device_array(4), 4)


class Fault(NamedTuple):
    """A planted fault: what to run, and what must be said of it."""

    run: Callable[[], Any]
    kind: Kind
    array: str = ""
    index: tuple[int, ...] = ()
    threads: tuple[Place, ...] = ()


OUT, RACE, TWICE = Kind.OUT_OF_BOUNDS, Kind.RACE, Kind.DOUBLE_WRITE
BARRIER, HOST, TOUCHED = Kind.DIVERGENT_BARRIER, Kind.HOST_POINTER, Kind.HOST_ACCESS

FAULTS = {
    "no guard: a write behind the end": Fault(fed(no_guard, 2, 4, 1, 6), OUT, "c", (6,), (at(1, 2),)),
    "a read behind the end": Fault(fed(moves, 1, 4, 4, 4, more=(1,)), OUT, "a", (4,), (at(0, 3),)),
    "a read at −1": Fault(fed(moves, 1, 4, 4, 4, more=(-1,)), OUT, "a", (-1,), (at(0, 0),)),
    "a write at −1": Fault(fed(moves, 1, 4, 4, 4, more=(0, -1)), OUT, "c", (-1,), (at(0, 0),)),
    "a column too far in a matrix": Fault(
        lambda: next_row[1, 4](to_device(numbers(2, 4)), to_device(numbers(2, 3))), OUT, "c", (0, 3), (at(0, 3),)
    ),
    "shared memory too small": Fault(fed(tile_too_small, 1, 6, 6), OUT, "tile", (4,), (at(0, 4),)),
    "a read behind the end in a comprehension": Fault(fed(comprehends, 1, 4, 5, 4), OUT, "a", (5,), (at(0, 3),)),
    "a sum without an atomic": Fault(fed(adds_up, 1, 4, 4, 1), RACE, "c", (0,), (at(0, 0), at(0, 1))),
    "a sum without an atomic, across blocks": Fault(fed(adds_up, 4, 1, 4, 1), RACE, "c", (0,), (at(0, 0), at(1, 0))),
    "no barrier after filling a tile": Fault(fed(no_barrier, 1, 4, 4, 4), RACE, "tile", (0,), (at(0, 0), at(0, 3))),
    "no barrier between steps": Fault(fed(barrier_missing, 1, 4, 4, 1), RACE, "tile", (1,), (at(0, 1), at(0, 0))),
    "a shift in place": Fault(fed(shifts_in_place, 1, 4, 4), RACE, "c", (1,), (at(0, 1), at(0, 0))),
    "a block that waits for no other": Fault(fed(blocks_hand_over, 2, 1, 2), RACE, "c", (0,), (at(0, 0), at(1, 0))),
    "a plain read beside atomics": Fault(fed(reads_what_others_add, 1, 3, 4), RACE, "c", (0,), (at(0, 0), at(0, 1))),
    "the index without the block": Fault(fed(moves, 2, 4, 8, 8), TWICE, "c", (0,), (at(0, 0), at(1, 0))),
    "an index that is clamped": Fault(fed(clamped, 1, 6, 4, 4, more=(4,)), TWICE, "c", (3,), (at(0, 3), at(0, 4))),
    "an input that was never copied": Fault(unwritten_input, Kind.UNWRITTEN_READ, "a", (0,), (at(0, 0),)),
    "an input of which a half was copied": Fault(half_copied, Kind.UNWRITTEN_READ, "a", (4,), (at(0, 4),)),
    "a tile that was never filled": Fault(fed(tile_empty, 1, 2, 2), Kind.UNWRITTEN_READ, "tile", (0,), (at(0, 0),)),
    "an output with holes": Fault(unwritten_output, Kind.UNWRITTEN_OUTPUT, "c", (1,)),
    "one thread for 512 cells": Fault(too_few_threads, Kind.UNWRITTEN_OUTPUT, "c", (1,)),
    "a barrier in an if": Fault(fed(barrier_in_if, 1, 4, 4), BARRIER, threads=(at(0, 0), at(0, 2))),
    "a return before a barrier": Fault(fed(early_return, 1, 4, 4, more=(3,)), BARRIER, threads=(at(0, 0), at(0, 3))),
    "a barrier in each branch": Fault(fed(two_barriers, 1, 4, 4), BARRIER, threads=(at(0, 0), at(0, 2))),
    "a barrier in a loop of uneven length": Fault(fed(uneven_loop, 1, 3, 3), BARRIER, threads=(at(0, 1), at(0, 0))),
    "a NumPy array as an argument": Fault(
        lambda: add[1, 4](numbers(4), to_device(numbers(4)), device_array(4), 4), HOST, "a", (0,), (at(0, 0),)
    ),
    "a list as an argument": Fault(lambda: moves[1, 2]([1.0] * 3, device_array(2), 1), HOST, "a", (1,), (at(0, 0),)),
    "a NumPy array of the notebook": Fault(fed(reads_global_host_array, 1, 4, 4), HOST, "TABLE", (0,), (at(0, 0),)),
    "cudaFree of a NumPy array": Fault(lambda: cudaFree(np.zeros(4)), HOST),
    "the wrong direction": Fault(partial(copies, cudaMemcpyDeviceToHost), Kind.COPY_DIRECTION, "d"),
    "destination and source exchanged": Fault(partial(copies, cudaMemcpyHostToDevice, back=True), Kind.COPY_DIRECTION),
    "device to device, from the host": Fault(partial(copies, cudaMemcpyDeviceToDevice), Kind.COPY_DIRECTION),
    "a copy of too many bytes": Fault(partial(copies, cudaMemcpyHostToDevice, size=8), Kind.COPY_SIZE, "d"),
    "float64 copied into float32": Fault(
        partial(copies, cudaMemcpyHostToDevice, dtype=np.float64), Kind.COPY_TYPE, "d"
    ),
    "memory that is never given back": Fault(leak, Kind.LEAK, "d_b"),
    "memory given back twice": Fault(partial(freed, cudaFree), Kind.DOUBLE_FREE, "d_a"),
    "a copy from memory given back": Fault(
        partial(freed, lambda d: cudaMemcpy(np.zeros(4, np.float32), d, 16, cudaMemcpyDeviceToHost)),
        Kind.USE_AFTER_FREE,
        "d_a",
    ),
    "a kernel on memory given back": Fault(
        partial(freed, lambda d: moves[1, 4](d, device_array(4))), Kind.USE_AFTER_FREE, "d_a", (0,), (at(0, 0),)
    ),
    "the host reads a cell": Fault(partial(touched, lambda d: d[0]), TOUCHED, "d_a"),
    "the host writes a cell": Fault(partial(touched, lambda d: d.__setitem__(0, 1.0)), TOUCHED, "d_a"),
    "the host adds": Fault(partial(touched, lambda d: d + 1), TOUCHED, "d_a"),
    "NumPy takes it": Fault(partial(touched, np.asarray), TOUCHED, "d_a"),
    "a grid with a fraction": Fault(shaped(512 / 128, 128), Kind.LAUNCH),
    "a grid without blocks": Fault(shaped(100 // 128, 128), Kind.LAUNCH),
    "a block of 2048 threads": Fault(shaped(1, (64, 32)), Kind.LAUNCH),
}
