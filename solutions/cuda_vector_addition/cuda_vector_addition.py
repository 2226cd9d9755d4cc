# %% [markdown]
# # Homework · CUDA: ten thousand threads, and every one needs an address
#
# On a CPU a loop walks over an array. On a GPU nobody walks: every cell gets a thread of its own, all run the same function,
# and each must find out *which cell is mine?* You write such functions – kernels – tonight, first in a simulator that watches
# every access, then in real CUDA C.
#
# * **You can, in the end**, write a kernel that is right for every launch shape, and find a race, a missing guard and a leak.
# * **You need** Python, and for the last three exercises some C. No GPU.
# * **It takes** 4 to 6 hours (estimated): 10 exercises (32 points), in any order.
# * **It leads to** the matrix products and convolutions behind every layer; marks come from other sizes and launch shapes.

# %% [markdown]
# {{set_up}}

# %% nbgrader={"grade": false, "grade_id": "given-imports", "locked": true, "schema_version": 3, "solution": false, "task": false}
import numpy as np

from lifelong.cuda import CudaError, device_array, draw, to_device
from lifelong.cuda import atomicAdd, blockDim, blockIdx, device, gridDim, kernel, shared, syncthreads, threadIdx


def picture_of(launch):
    """The picture of a launch, once its kernel is written; what is wrong with it is said and drawn."""
    with surviving("Write the exercise above, then run this cell: it draws what your threads do."):
        try:
            launch()
        except CudaError as error:
            print(error)
        return draw()

# %% [markdown]
# ### A first launch
#
# `double` is a kernel: the code of *one* thread. `double[1, 4](…)` launches it in 1 block of 4 threads; each reads its own `threadIdx`
# and `blockIdx`. Device memory is not the host's: `to_device` copies there, `copy_to_host` back.

# %% nbgrader={"grade": false, "grade_id": "given-launch", "locked": true, "schema_version": 3, "solution": false, "task": false}
@kernel
def double(x, y):
    i = threadIdx.x
    y[i] = 2 * x[i]


x, y = to_device(np.arange(4.0)), device_array(4, np.float64)
double[1, 4](x, y)
print(y.copy_to_host())
draw()

# %% [markdown]
# That was one block. With three of them, `threadIdx.x` alone will not do: it starts again at 0 in every block. The simulator runs
# the threads in a random order, an access or a few at a time, and complains of what a real GPU would not tell you: an index out of bounds,
# two threads in one cell, a cell that nobody wrote. Try it: change the launch to `double[3, 4](x, y)` and read what it says, then to
# `double[1, 5](x, y)`, then change it back.

# %% [markdown]
# ## 1 · Which cell is mine?
#
# Blocks lie side by side, each `blockDim.x` wide. In two dimensions the same holds for x (along a row: the column) and for y
# (from row to row).
#
# ### Exercise 1: the global index (3 points)
#
# Each thread signs its own cell. There are exactly as many threads as cells.
#
# * `label_1d(label)`: the thread writes `1000 * blockIdx.x + threadIdx.x` into its cell. Expected for 2 blocks of 3 threads:
#   `[0, 1, 2, 1000, 1001, 1002]`.
# * `label_2d(label)`: blocks and grid have two dimensions, and `label[row, column]` gets the number of the thread's block, counted in
#   reading order. Expected for a grid of (x, y) = (2, 2) blocks of (3, 1) threads:
#   `[[0, 0, 0, 1, 1, 1], [2, 2, 2, 3, 3, 3]]`.

# %% nbgrader={"grade": false, "grade_id": "global_index", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: global_index
@kernel
def label_1d(label):
    """Write 1000 · (block) + (thread in its block) into the cell of the thread.

    Args:
        label: gridDim.x · blockDim.x cells.
    """
    ### BEGIN SOLUTION
    i = threadIdx.x + blockIdx.x * blockDim.x
    label[i] = 1000 * blockIdx.x + threadIdx.x
    ### END SOLUTION


@kernel
def label_2d(label):
    """Write the number of the block, in reading order, into the cell of the thread.

    Args:
        label: (gridDim.y · blockDim.y) × (gridDim.x · blockDim.x) cells; index it as label[row, column].
    """
    ### BEGIN SOLUTION
    row = threadIdx.y + blockIdx.y * blockDim.y
    column = threadIdx.x + blockIdx.x * blockDim.x
    label[row, column] = blockIdx.x + blockIdx.y * gridDim.x
    ### END SOLUTION

# %% nbgrader={"grade": false, "grade_id": "given-label", "locked": true, "schema_version": 3, "solution": false, "task": false}
picture_of(lambda: label_2d[(3, 2), (4, 3)](device_array((6, 12), np.int32)))

# %% [markdown]
# ## 2 · More threads than cells
#
# Threads come in whole blocks. For 500 cells and blocks of 128 you start 4 blocks, 512 threads – and twelve of them must do nothing.
# On a real GPU a missing guard overwrites somebody else's memory, silently.
#
# ### Exercise 2: the guard (2 points)
#
# `fahrenheit(celsius, result, n)`: `result[i] = 1.8 * celsius[i] + 32` for the first `n` cells, whatever the launch shape, as long as
# there are at least `n` threads. The arrays may be longer than `n`: the cells from `n` on belong to somebody else. Or they
# end there: then nobody may even read on. (That holds for every kernel here.)
#
# Expected for `celsius = [0, 100, −40]`, n = 2, and a `result` full of 7: `[32, 212, 7]`.
# (Shares: what you write 40 %, which cells you write 40 %, exactly n threads and a single cell 20 %.)

# %% nbgrader={"grade": false, "grade_id": "bounds_guard", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# exercise: bounds_guard
@kernel
def fahrenheit(celsius, result, n):
    """Degrees Fahrenheit of the first n cells.

    Args:
        celsius: at least n cells.
        result: at least n cells; those from n on stay as they are.
        n: how many to convert; the launch has at least as many threads.
    """
    ### BEGIN SOLUTION
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i < n:
        result[i] = 1.8 * celsius[i] + 32
    ### END SOLUTION

# %% [markdown]
# ### Exercise 3: the grid's size (2 points)
#
# How many blocks are enough? As few as possible, so that no cell is left over. These are host functions: plain Python, no kernel.
#
# * `blocks_for(n, threads)`: blocks of `threads` threads for `n` cells. Expected: `blocks_for(512, 128)` is 4, and
#   `blocks_for(513, 128)` is 5.
# * `grid_for(rows, columns, block)`: the grid (x, y) for a matrix and blocks of (x, y) threads, x along the columns. Expected:
#   `grid_for(100, 30, (16, 8))` is `(2, 13)`.
#
# Whole numbers: a launch with 4.0 blocks is refused. (Shares: `blocks_for` 40 %, half of it where n fills the blocks; `grid_for` 40 %,
# also where only the `blocks_for` that it calls is wrong; ints 20 %.)

# %% nbgrader={"grade": false, "grade_id": "grid_size", "locked": false, "points": 2, "schema_version": 3, "solution": true, "task": false}
# exercise: grid_size
def blocks_for(n, threads):
    """The least number of blocks of so many threads for n cells, an int; n and threads are at least 1."""
    ### BEGIN SOLUTION
    return (n + threads - 1) // threads
    ### END SOLUTION


def grid_for(rows, columns, block):
    """The least grid (x, y), two ints, of blocks with (x, y) threads for a matrix of rows × columns cells."""
    ### BEGIN SOLUTION
    x, y = block
    return blocks_for(columns, x), blocks_for(rows, y)
    ### END SOLUTION

# %% [markdown]
# ## 3 · More cells than threads
#
# A kernel that is right only for one launch shape is a trap. With a **grid-stride loop** a thread takes its own cell, then the one a
# whole grid further on, and so on: the same kernel runs with one thread or with a million, and neighbours in a block still read
# neighbours in memory.
#
# ### Exercise 4: SAXPY (3 points)
#
# `saxpy(alpha, x, y, n)`: in place, `y[i] = alpha * x[i] + y[i]` for the first `n` cells, for **any** 1-D launch, each cell exactly
# once. Expected for `alpha = 2`, `x = [1, 2, 3, 4, 5]`, `y = [10, 10, 10, 10, 10]`, n = 5, launched with `[1, 2]`:
# `[12, 14, 16, 18, 20]`. (Shares: what you write 25 %, which cells 25 %, one block 10 %, several 20 %, more threads than cells 20 %.)

# %% nbgrader={"grade": false, "grade_id": "grid_stride", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: grid_stride
@kernel
def saxpy(alpha, x, y, n):
    """y ← alpha · x + y on the first n cells, for any launch shape.

    Args:
        alpha: a number.
        x, y: at least n cells.
        n: how many cells; there may be fewer threads, or more.
    """
    ### BEGIN SOLUTION
    for i in range(threadIdx.x + blockIdx.x * blockDim.x, n, blockDim.x * gridDim.x):
        y[i] = alpha * x[i] + y[i]
    ### END SOLUTION

# %% nbgrader={"grade": false, "grade_id": "given-saxpy", "locked": true, "schema_version": 3, "solution": false, "task": false}
picture_of(lambda: saxpy[2, 3](2.0, to_device(np.arange(14.0)), to_device(np.ones(14)), 14))

# %% [markdown]
# ## 4 · Matrices in one long row
#
# Memory has one dimension. A matrix lies in it row after row, and often each row is padded so that it begins at a round address:
# its **pitch**, the distance from one row's begin to the next, is then larger than the number of columns.
#
# ```
# rows = 2, columns = 3, pitch = 4        a00 a01 a02 ---  a10 a11 a12 ---
# index                                    0   1   2   3    4   5   6   7
# ```
#
# ### Exercise 5: the Hadamard product (3 points)
#
# `hadamard(a, b, c, rows, columns, pitch)`: c = a ∘ b, cell by cell. All three are flat arrays of that layout. x runs along the columns,
# y along the rows; the 2-D grid may reach beyond the matrix on both sides. The padding of `c` stays as it is.
# (Shares: what you write 35 %, which cells 35 %, no padding, exact grids and a single cell 30 %.)

# %% nbgrader={"grade": false, "grade_id": "hadamard", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: hadamard
@kernel
def hadamard(a, b, c, rows, columns, pitch):
    """The product of two matrices, cell by cell.

    Args:
        a, b, c: flat, row by row, a row every `pitch` cells.
        rows, columns: of the matrices; the grid has at least as many threads along y and x.
        pitch: cells from the begin of a row to that of the next, at least `columns`.
    """
    ### BEGIN SOLUTION
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row < rows and column < columns:
        i = row * pitch + column
        c[i] = a[i] * b[i]
    ### END SOLUTION

# %% [markdown]
# ## 5 · Threads that work together
#
# The threads of a block share a small fast memory, and they can wait for each other:
#
# * `tile = shared.array(8, np.float32)` – the same array for all threads of the block; nothing is in it at first.
# * `syncthreads()` – a **barrier**: nobody goes on before *all* threads of the block are here. What was written before it can be
#   read after it; without it, nobody knows who is ahead of whom. All threads must come to the same barrier, those without work, too.
#
# To add up 8 numbers in three steps instead of seven, half of the threads add the other half's cells to their own, again and again:
#
# ```
# tile        3   1   7   0   4   1   6   3
# stride 4    7   2  13   3   ·   ·   ·   ·      tile[t] += tile[t + 4]   for t < 4
# stride 2   20   5   ·   ·   ·   ·   ·   ·      tile[t] += tile[t + 2]   for t < 2
# stride 1   25   ·   ·   ·   ·   ·   ·   ·      tile[t] += tile[t + 1]   for t < 1
# ```
#
# ### Exercise 6: block sums (4 points)
#
# `block_sum(x, sums, n)`: block b adds up its own `blockDim.x` cells of `x`, and one thread writes the result to `sums[b]`. Cells
# from `n` on count as 0. `blockDim.x` is a power of two, at most 1024. No thread may do the block's work alone. (Shares: right if
# threads ran in step 15 %, one block 15 %, several 20 %, cells from n on 20 %, work shared between barriers 25 %, one
# thread writes 5 %.)
#
# Expected for `x = [3, 1, 7, 0, 4, 1, 6, 3, 5, 5]`, n = 10, launched with `[2, 8]`: `[25, 10]`.
#
# (Real CUDA C wants to know the size of `__shared__ float tile[…]` when it compiles; here `shared.array(blockDim.x)` will do.)

# %% nbgrader={"grade": false, "grade_id": "block_sum", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# exercise: block_sum
@kernel
def block_sum(x, sums, n):
    """sums[b] ← the sum of block b's cells of x.

    Args:
        x: at least n cells; thread t of block b owns cell t + b · blockDim.x, if that is below n.
        sums: one cell a block.
        n: how many cells count.
    """
    ### BEGIN SOLUTION
    t = threadIdx.x
    i = t + blockIdx.x * blockDim.x
    tile = shared.array(blockDim.x, np.float32)
    tile[t] = x[i] if i < n else 0.0
    syncthreads()
    stride = blockDim.x // 2
    while stride > 0:
        if t < stride:
            tile[t] += tile[t + stride]
        syncthreads()
        stride //= 2
    if t == 0:
        sums[blockIdx.x] = tile[0]
    ### END SOLUTION

# %% nbgrader={"grade": false, "grade_id": "given-sum", "locked": true, "schema_version": 3, "solution": false, "task": false}
picture_of(lambda: block_sum[2, 8](to_device(np.float32([3, 1, 7, 0, 4, 1, 6, 3, 5, 5])), device_array(2), 10))

# %% [markdown]
# ## 6 · A naive convolution
#
# One thread for each pixel of the result lays a small window of weights over the image, centred on its pixel, multiplies and adds:
#
# $$\text{result}[r, c]=\sum_{u=0}^{k-1}\sum_{v=0}^{k-1}\text{weights}[u, v]\cdot\text{image}[\,r+u-p,\ c+v-p\,]$$
#
# Here $p=(k-1)/2$. The weights are **not** flipped: deep learning calls this convolution, mathematics calls it cross-correlation. Beyond its edges the
# image counts as 0 ("same" padding). Careful: C does not complain of `image[-1]` – it reads whatever lies there. (Nor does Python,
# where −1 is the last cell. The simulator does.)
#
# ### Exercise 7: convolution (4 points)
#
# `convolve(image, weights, result, rows, columns, k)` with x along the columns and a grid that may reach beyond the image. The
# arrays have two indices here: `image[row, column]`. Expected for a 3 × 3 image of ones and 3 × 3 weights of ones:
# `[[4, 6, 4], [6, 9, 6], [4, 6, 4]]`. (Shares: far from the edges 35 %; edges, even with the window flipped, 40 %; all of it 25 %.)

# %% nbgrader={"grade": false, "grade_id": "convolution", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# exercise: convolution
@kernel
def convolve(image, weights, result, rows, columns, k):
    """Slide the weights over the image, unflipped, with zeros beyond its edges.

    Args:
        image, result: rows × columns.
        weights: k × k, k odd.
        rows, columns: of the image; the grid has at least as many threads along y and x.
        k: side of the window.
    """
    ### BEGIN SOLUTION
    column = threadIdx.x + blockIdx.x * blockDim.x
    row = threadIdx.y + blockIdx.y * blockDim.y
    if row >= rows or column >= columns:
        return
    total = 0.0
    for u in range(k):
        for v in range(k):
            r, c = row + u - k // 2, column + v - k // 2
            if 0 <= r < rows and 0 <= c < columns:
                total += weights[u, v] * image[r, c]
    result[row, column] = total
    ### END SOLUTION

# %% [markdown]
# Your kernel on a little image: weights that answer to vertical edges.

# %% nbgrader={"grade": false, "grade_id": "given-edges", "locked": true, "schema_version": 3, "solution": false, "task": false}
square = np.zeros((8, 10), np.float32)
square[2:6, 3:7] = 1
edges = device_array((8, 10))
picture_of(lambda: convolve[(3, 2), (4, 4)](to_device(square), to_device(np.float32([[-1, 0, 1]] * 3)), edges, 8, 10, 3))

# %% [markdown]
# ## 7 · The same in CUDA C
#
# Real kernels are written in C++ with a few words more: `__global__` marks a kernel, `kernel<<<blocks, threads>>>(…)` launches it.
# Here your program goes into a string. `run_cuda` compiles it with `g++` for this machine's processor and runs it on a pretended
# device that keeps the two memories apart, looks at every access and names what is wrong, with the line. (Line 1 is the first line
# after the quotes; the first run takes some seconds.) This is the program of the slide, which adds 512 numbers. Or does it? (Mended already: its `(void *)` for `(void **)`.)

# %% nbgrader={"grade": false, "grade_id": "given-slide", "locked": true, "schema_version": 3, "solution": false, "task": false}
from lifelong.cuda_c import run_cuda
from lifelong.cuda_c.nvrtc import ask_nvidia

SLIDE = r"""
#include <stdio.h>
#include <stdlib.h>
#define N 512

__global__ void device_add(const int *a, const int *b, int *c)
{
    int index = threadIdx.x + blockIdx.x * blockDim.x;
    c[index] = a[index] + b[index];
}

void fill_array(int *data)
{
    for (int i = 0; i < N; i++)
        data[i] = i;
}

void print_output(const int *a, const int *b, const int *c)
{
    for (int i = 0; i < 4; i++)
        printf("%d + %d = %d\n", a[i], b[i], c[i]);
    printf("... and the last: %d + %d = %d\n", a[N - 1], b[N - 1], c[N - 1]);
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c;
    int size = n * sizeof(int);
    cudaMalloc((void **)&d_a, size);
    cudaMalloc((void **)&d_b, size);
    cudaMalloc((void **)&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<1, 1>>>(d_a, d_b, d_c);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}

int main(void)
{
    int *a = (int *)malloc(N * sizeof(int));
    int *b = (int *)malloc(N * sizeof(int));
    int *c = (int *)malloc(N * sizeof(int));
    fill_array(a);
    fill_array(b);
    add_vectors(a, b, c, N);
    print_output(a, b, c);
    free(a);
    free(b);
    free(c);
    return 0;
}
"""

# %% nbgrader={"grade": false, "grade_id": "given-slide-shown", "locked": true, "schema_version": 3, "solution": false, "task": false}
run_cuda(SLIDE)

# %% [markdown]
# ### Exercise 8: mend the slide (3 points)
#
# Copy the program into the string and mend it. `add_vectors(a, b, c, n)` must be right for **any** n from 1 to 10 000, call after
# call, with one thread for each element and no block that has nothing to do. Nobody may read or write beyond an array.
#
# Expected: `0 + 0 = 0`, `1 + 1 = 2`, … `511 + 511 = 1022`, and `✓ no fault found`. (Shares: the sums 70 %, of which 25 % where n is a
# multiple of 512; threads 10 %; memory given back 20 %.)

# %% nbgrader={"grade": false, "grade_id": "c_slide", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# exercise: c_slide
def slide_program():
    """The mended program as one string, r\"\"\" … \"\"\", with `void add_vectors(const int *a, const int *b, int *c, int n)`."""
    ### BEGIN SOLUTION
    return r"""
#include <stdio.h>
#include <stdlib.h>
#define N 512

__global__ void device_add(const int *a, const int *b, int *c, int n)
{
    int index = threadIdx.x + blockIdx.x * blockDim.x;
    if (index < n)
        c[index] = a[index] + b[index];
}

void fill_array(int *data)
{
    for (int i = 0; i < N; i++)
        data[i] = i;
}

void print_output(const int *a, const int *b, const int *c)
{
    for (int i = 0; i < 4; i++)
        printf("%d + %d = %d\n", a[i], b[i], c[i]);
    printf("... and the last: %d + %d = %d\n", a[N - 1], b[N - 1], c[N - 1]);
}

void add_vectors(const int *a, const int *b, int *c, int n)
{
    int *d_a, *d_b, *d_c;
    int size = n * sizeof(int);
    cudaMalloc((void **)&d_a, size);
    cudaMalloc((void **)&d_b, size);
    cudaMalloc((void **)&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<(n + 127) / 128, 128>>>(d_a, d_b, d_c, n);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    cudaFree(d_a);
    cudaFree(d_b);
    cudaFree(d_c);
}

int main(void)
{
    int *a = (int *)malloc(N * sizeof(int));
    int *b = (int *)malloc(N * sizeof(int));
    int *c = (int *)malloc(N * sizeof(int));
    fill_array(a);
    fill_array(b);
    add_vectors(a, b, c, N);
    print_output(a, b, c);
    free(a);
    free(b);
    free(c);
    return 0;
}
"""
    ### END SOLUTION

# %% nbgrader={"grade": false, "grade_id": "given-slide-run", "locked": true, "schema_version": 3, "solution": false, "task": false}
def shown(program):
    """What a program of yours prints, what is found in it, and what NVIDIA's own compiler says where there is one."""
    with surviving("Write the exercise above, then run this cell."):
        source = program()
        print(run_cuda(source))
        print(ask_nvidia(source))


# %% nbgrader={"grade": false, "grade_id": "given-slide-mended", "locked": true, "schema_version": 3, "solution": false, "task": false}
shown(lambda: slide_program())

# %% [markdown]
# ### Exercise 9: two memories, and what may fail (4 points)
#
# The slide ignores every return code. That is fine until the day the device is full: then `cudaMalloc` returns
# `cudaErrorMemoryAllocation`, its pointer is null, and the program goes on with garbage. A launch returns nothing at all; whether it
# failed says `cudaGetLastError()`, right after it.
#
# Write a host function that lets the device compute means, around this kernel (copy it into your string):
#
# ```c
# __global__ void mean_kernel(const float *x, const float *y, float *z, int n)
# {
#     int i = threadIdx.x + blockIdx.x * blockDim.x;
#     if (i < n)
#         z[i] = (x[i] + y[i]) / 2;
# }
# ```
#
# `cudaError_t mean(const float *x, const float *y, float *z, int n)` gets pointers to the **host's** memory. It allocates, copies,
# launches, copies back into z, and returns `cudaSuccess`. If anything fails, it returns the code of that failure at once. Either way
# all that it has allocated is free again when it returns, and the next call may succeed. (`cudaFree` of a null pointer does nothing. No `main` is needed. Shares:
# means 35 %, codes of failures 35 %, memory given back 30 %.)

# %% nbgrader={"grade": false, "grade_id": "c_memory", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# exercise: c_memory
def mean_program():
    """Kernel and host function as one string: `cudaError_t mean(const float *x, const float *y, float *z, int n)`."""
    ### BEGIN SOLUTION
    return r"""
__global__ void mean_kernel(const float *x, const float *y, float *z, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        z[i] = (x[i] + y[i]) / 2;
}

cudaError_t mean(const float *x, const float *y, float *z, int n)
{
    float *d_x = NULL, *d_y = NULL, *d_z = NULL;
    size_t bytes = n * sizeof(float);
    cudaError_t error = cudaMalloc(&d_x, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_y, bytes);
    if (error == cudaSuccess)
        error = cudaMalloc(&d_z, bytes);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess)
        error = cudaMemcpy(d_y, y, bytes, cudaMemcpyHostToDevice);
    if (error == cudaSuccess) {
        mean_kernel<<<(n + 255) / 256, 256>>>(d_x, d_y, d_z, n);
        error = cudaGetLastError();
    }
    if (error == cudaSuccess)
        error = cudaMemcpy(z, d_z, bytes, cudaMemcpyDeviceToHost);
    cudaFree(d_x);
    cudaFree(d_y);
    cudaFree(d_z);
    return error;
}
"""
    ### END SOLUTION

# %% [markdown]
# ### Exercise 10: a dot product by all blocks together (4 points)
#
# Every output of a dense layer is a dot product. Let many blocks share one:
#
# 1. each thread walks over the vectors in steps of the whole grid and keeps its own sum in a register;
# 2. the block adds these sums up as a tree in `__shared__` memory (at most 256 threads, a power of two);
# 3. one thread of each block adds the block's sum to `result[0]` by **one** `atomicAdd`.
#
# `__global__ void dot(const float *x, const float *y, float *result, int n)`; we set `result[0]` to 0, copy, and launch it with several
# grids. Think of the barriers, and of threads that have no element at all. Expected for x = (1, …, 100), y = (2, …, 2): 10100.
# (Shares: one thread alone 20 %, one block 20 %, more elements than threads 15 %, several blocks 20 %, one atomic 15 %, no race 10 %.)

# %% nbgrader={"grade": false, "grade_id": "c_dot_product", "locked": false, "points": 4, "schema_version": 3, "solution": true, "task": false}
# exercise: c_dot_product
def dot_program():
    """The kernel as one string: `__global__ void dot(const float *x, const float *y, float *result, int n)`."""
    ### BEGIN SOLUTION
    return r"""
__global__ void dot(const float *x, const float *y, float *result, int n)
{
    __shared__ float sums[256];
    int t = threadIdx.x;
    float sum = 0;
    for (int i = t + blockIdx.x * blockDim.x; i < n; i += blockDim.x * gridDim.x)
        sum += x[i] * y[i];
    sums[t] = sum;
    __syncthreads();
    for (int stride = blockDim.x / 2; stride > 0; stride /= 2) {
        if (t < stride)
            sums[t] += sums[t + stride];
        __syncthreads();
    }
    if (t == 0)
        atomicAdd(result, sums[0]);
}
"""
    ### END SOLUTION

# %% [markdown]
# ## For the fast (no points): every sum on the way
#
# `all_sums(x, y, n)`: $y_i=x_0+\dots+x_i$, by one block of $n\le1024$ threads, in about $\log_2n$ rounds rather than $n$. Twice in each round
# somebody has to wait: a cell is read by another thread than the one that writes it. (`draw()` in a cell of your own shows the rounds.)

# %%
# stretch goal: all_sums
@kernel
def all_sums(x, y, n):
    """y[i] ← x[0] + … + x[i]; thread i owns cell i."""
    raise NotImplementedError

# %% nbgrader={"grade": false, "grade_id": "given-stretch", "locked": true, "schema_version": 3, "solution": false, "task": false}
def goal_reached():
    sums = device_array(8)
    all_sums[1, 8](to_device(np.float32([3, 1, 7, 0, 4, 1, 6, 3])), sums, 8)
    print("✓" if sums.copy_to_host().tolist() == [3, 4, 11, 11, 15, 16, 22, 25] else "✗", sums.copy_to_host())

with surviving("Nothing to check yet: write `all_sums` above, then run this cell again."):
    goal_reached()

# %% [markdown]
# {{hand_in}}
