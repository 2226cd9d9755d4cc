"""Planted faults for the simulated GPU, each with what must be said of it."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lifelong.cuda import (
    Kind,
    Place,
    cudaDeviceReset,
    cudaFree,
    cudaMalloc,
    cudaMemset,
    device_array,
    runtime,
    to_device,
)
from lifelong.cuda.kernel import atomicAdd, kernel, shared, syncthreads
from lifelong.cuda.runtime import cudaMemcpy, cudaMemcpyDeviceToHost, cudaMemcpyHostToDevice
from lifelong.cuda.threads import blockDim, blockIdx, threadIdx
from tests.lifelong.cuda_kernels import add, numbers
from tests.places import table

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


def fed(fault: Any, grid: int, block: int, *sizes: int, more: tuple[Any, ...] = ()) -> None:
    """A launch with arrays of these sizes, full of numbers."""
    fault[grid, block](*(to_device(numbers(size)) for size in sizes), *more)


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


def copies(direction: str, *, size: int = 4, dtype: Any = np.float32, back: bool = False) -> None:
    """A copy of all of a host array to a device array of 4 floats; back for the other way."""
    d, host = device_array(4), np.zeros(size, dtype)
    cudaMemcpy(*((host, d) if back else (d, host)), size * 4, getattr(runtime, f"cudaMemcpy{direction}"))


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


def shaped(grid: Any, block: Any) -> None:
    """A launch of this shape."""
    add[grid, block](to_device(numbers(4)), to_device(numbers(4)), device_array(4), 4)


class Fault(NamedTuple):
    """A planted fault: what to run, in Python, and what must be said of it."""

    source: str
    kind: Kind
    array: str
    index: tuple[int, ...]
    threads: tuple[Place, ...]

    def run(self) -> Any:
        return eval(self.source)


def planted(run: str, kind: str, array: str = "", index: Any = (), threads: Any = ()) -> Fault:
    """A row of the table as a fault."""
    return Fault(run, Kind[kind], array, tuple(index), tuple(at(*each) for each in threads))


RACE, BARRIER = Kind.RACE, Kind.DIVERGENT_BARRIER
FAULTS = {name: planted(**row) for name, row in table("lifelong/cuda_faults.toml").items()}
