"""Right kernels of many kinds for the simulated GPU, each with a launch and what it leaves behind."""

from typing import Any, NamedTuple

import numpy as np

from lifelong.cuda import blockDim, blockIdx, device, gridDim, kernel, shared, syncthreads, threadIdx
from lifelong.cuda.kernel import atomicAdd, atomicCAS, atomicExch, atomicMax, atomicMin


def numbers(*shape: int) -> Any:
    return np.arange(float(np.prod(shape))).reshape(shape)


@kernel
def add(a, b, c, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i < n:
        c[i] = a[i] + b[i]


@kernel
def add_2d(a, b, c):
    row = threadIdx.y + blockIdx.y * blockDim.y
    column = threadIdx.x + blockIdx.x * blockDim.x
    if row < a.shape[0] and column < a.shape[1]:
        c[row, column] = a[row, column] + b[row][column]


@kernel
def scale_3d(x, y):
    i = threadIdx.z + blockIdx.z * blockDim.z
    j = threadIdx.y + blockIdx.y * blockDim.y
    k = threadIdx.x + blockIdx.x * blockDim.x
    y[i, j, k] = 2 * x[i, j, k]


@kernel
def transpose(a, b):
    tile = shared.array((4, 5), np.float64)
    x, y = threadIdx.x, threadIdx.y
    tile[y, x] = a[blockIdx.y * 4 + y, blockIdx.x * 4 + x]
    syncthreads()
    b[blockIdx.x * 4 + y, blockIdx.y * 4 + x] = tile[x, y]


@kernel
def sum_tree(x, sums):
    t = threadIdx.x
    tile = shared.array(blockDim.x, np.float64)
    tile[t] = x[t + blockIdx.x * blockDim.x]
    syncthreads()
    stride = blockDim.x // 2
    while stride > 0:
        if t < stride:
            tile[t] += tile[t + stride]
        syncthreads()
        stride //= 2
    if t == 0:
        sums[blockIdx.x] = tile[0]


@device
def fold(tile, t, width):
    if width == 0:
        return tile[0]
    if t < width:
        tile[t] += tile[t + width]
    syncthreads()
    return fold(tile, t, width // 2)


@kernel
def sum_by_folding(x, sums):
    t = threadIdx.x
    tile = shared.array(blockDim.x, np.float64)
    tile[t] = x[t + blockIdx.x * blockDim.x]
    syncthreads()
    total = fold(tile, t, blockDim.x // 2)
    if t == 0:
        sums[blockIdx.x] = total


@kernel
def histogram_in_blocks(values, counts):
    own = shared.array(4, np.int32)
    if threadIdx.x < 4:
        own[threadIdx.x] = 0
    syncthreads()
    atomicAdd(own, values[threadIdx.x + blockIdx.x * blockDim.x], 1)
    syncthreads()
    if threadIdx.x < 4:
        atomicAdd(counts, threadIdx.x, own[threadIdx.x])


@kernel
def stencil(x, y, n):
    tile = shared.array(10, np.float64)
    t, i = threadIdx.x, threadIdx.x + blockIdx.x * blockDim.x
    tile[t + 1] = x[i] if i < n else 0.0
    if t == 0:
        tile[0] = x[i - 1] if i > 0 else 0.0
    if t == blockDim.x - 1:
        tile[t + 2] = x[i + 1] if i + 1 < n else 0.0
    syncthreads()
    if i < n:
        y[i] = tile[t] + tile[t + 1] + tile[t + 2]


@kernel
def convolve(image, weights, result):
    row = threadIdx.y + blockIdx.y * blockDim.y
    column = threadIdx.x + blockIdx.x * blockDim.x
    rows, columns = image.shape
    if row < rows and column < columns:
        result[row, column] = sum(
            weights[u, v] * image[row + u - 1, column + v - 1]
            for u in range(3)
            for v in range(3)
            if 0 <= row + u - 1 < rows and 0 <= column + v - 1 < columns
        )


@kernel
def matmul_tiled(a, b, c):
    left, right = shared.array((4, 4), np.float64), shared.array((4, 4), np.float64)
    x, y = threadIdx.x, threadIdx.y
    row, column = y + blockIdx.y * 4, x + blockIdx.x * 4
    total = 0.0
    for start in range(0, a.shape[1], 4):
        left[y, x], right[y, x] = a[row, start + x], b[start + y, column]
        syncthreads()
        for k in range(4):
            total += left[y, k] * right[k, x]
        syncthreads()
    c[row, column] = total


@kernel
def dot(a, b, result, n):
    total = 0.0
    for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, blockDim.x * gridDim.x):
        total += a[i] * b[i]
    atomicAdd(result, 0, total)


@kernel
def scan(x, y):
    buffer = shared.array((2, blockDim.x), np.float64)
    t, now = threadIdx.x, 0
    buffer[0, t] = x[t]
    syncthreads()
    step = 1
    while step < blockDim.x:
        buffer[1 - now, t] = buffer[now, t] + (buffer[now, t - step] if t >= step else 0.0)
        syncthreads()
        now, step = 1 - now, 2 * step
    y[t] = buffer[now, t]


@kernel
def reverse(x):
    t, one, two = threadIdx.x, shared.array(blockDim.x, np.float64), shared.array(blockDim.x, np.float64)
    one[t], two[blockDim.x - 1 - t] = x[t], x[t]
    syncthreads()
    x[t] = two[t] * (one[t] == x[t])


@kernel
def extremes(x, low, high):
    i = threadIdx.x + blockIdx.x * blockDim.x
    atomicMin(low, 0, x[i])
    atomicMax(high, 0, x[i])


@kernel
def queue(x, found, count):
    """Places in a queue by an atomic counter: every thread has a cell of its own."""
    i = threadIdx.x + blockIdx.x * blockDim.x
    if x[i] % 3 == 0:
        found[atomicAdd(count, 0, 1)] = x[i]


@kernel
def lock(total, flag):
    """A sum under a lock, for one thread of each block, in atomics throughout."""
    if threadIdx.x == 0:
        while atomicCAS(flag, 0, 0, 1) != 0:
            pass
        atomicAdd(total, 0, 1)
        atomicExch(flag, 0, 0)


class Right(NamedTuple):
    """A launch of a right kernel: arguments, and what the last, or the one of that position, holds afterwards."""

    kernel: Any
    grid: Any
    block: Any
    args: list[Any]
    result: Any
    position: int = -1


A, B = numbers(500), 3 * numbers(500) + 1
MATRIX = numbers(8, 12)
VALUES = (numbers(64) * 7 % 4).astype(np.int32)

RIGHT = {
    "vector addition": Right(add, 4, 128, [A, B, np.zeros(500), 500], A + B, 2),
    "vector addition, one thread a block": Right(add, 500, 1, [A, B, np.zeros(500), 500], A + B, 2),
    "2-D index": Right(add_2d, (4, 3), (4, 4), [MATRIX, MATRIX, np.zeros((8, 12))], 2 * MATRIX),
    "3-D grid": Right(scale_3d, (2, 1, 3), (2, 3, 1), [numbers(3, 3, 4), np.zeros((3, 3, 4))], 2 * numbers(3, 3, 4)),
    "transpose with a shared tile": Right(transpose, (3, 2), (4, 4), [MATRIX, np.zeros((12, 8))], MATRIX.T),
    "block sum, tree": Right(sum_tree, 4, 16, [A[:64], np.zeros(4)], A[:64].reshape(4, 16).sum(1)),
    "block sum, device function": Right(sum_by_folding, 4, 16, [A[:64], np.zeros(4)], A[:64].reshape(4, 16).sum(1)),
    "histogram in blocks": Right(histogram_in_blocks, 4, 16, [VALUES, np.zeros(4, np.int32)], np.bincount(VALUES)),
    "stencil with halo": Right(stencil, 7, 8, [A[:50], np.zeros(50), 50], np.convolve(A[:50], np.ones(3), "same"), 1),
    "naive convolution": Right(convolve, (3, 2), (4, 4), [np.ones((6, 9)), np.ones((3, 3)), np.zeros((6, 9))], None),
    "matrix product in tiles": Right(
        matmul_tiled, (2, 2), (4, 4), [MATRIX, MATRIX.T.copy(), np.zeros((8, 8))], MATRIX @ MATRIX.T
    ),
    "dot product": Right(dot, 3, 32, [A, B, np.zeros(1), 500], [A @ B], 2),
    "scan": Right(scan, 1, 32, [A[:32], np.zeros(32)], A[:32].cumsum()),
    "reverse": Right(reverse, 1, 32, [A[:32].copy()], A[:32][::-1]),
    "extremes": Right(extremes, 4, 16, [A[:64], np.array([9.0]), np.array([9.0])], [63]),
    "queue": Right(queue, 4, 16, [A[:64], np.zeros(64), np.zeros(1, np.int32)], [22]),
    "lock": Right(lock, 6, 4, [np.zeros(1), np.zeros(1, np.int32)], [6], 0),
}
