# %% [markdown] slideshow={"slide_type": "slide"}
# # CUDA: adding two vectors
#
# **One addition on a CPU, 512 at once on a GPU – and everything that one suddenly has to care for:** a second memory, transfers, an index for every thread, the shape of the
# grid, the layout of the data. No GPU is needed to see it all.
#
# * **Goals**: write a kernel with index, guard and grid; move data there and back; find a race; say when a GPU pays.
# * **You need**: loops and pointers in C, as far as the slide shows them; NumPy. No GPU.
# * **Time**: about 60 minutes. Run the cells from the top; they take about a minute.
# * **Where it leads**: to kernels of your own in the homework, and to what the frameworks of *framework_history* hide.

# %% slideshow={"slide_type": "skip"} jupyter={"source_hidden": true}
{{setup}}

# %% slideshow={"slide_type": "skip"}
import importlib.util

import numpy as np
import torch

from lifelong.checks.try_it import try_it
from lifelong.cuda import blockDim, blockIdx, device_array, gridDim, kernel, recording, shared, syncthreads, threadIdx, to_device
from lifelong.cuda_c import CompileError, run_cuda
from lifelong.cuda_c.gpu import Timing, has_gpu, time_addition
from lifelong.cuda_c.nvrtc import ask_nvidia
from lifelong.plots import devices as figures

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 1 · One addition after the other
#
# A processor core has an adder or a few, and a loop feeds them. 512 sums are 512 rounds: read a[i], read b[i], add, store. A graphics processor spends far more of its chip on arithmetic, on thousands of adders; each can have a
# thread of its own, so the loop disappears.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.one_or_many()

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The host program
#
# The slide's program in C, for the CPU alone: `fill_array`, `host_add`, `print_output`. The functions that the cells below run are all *real C*: `run_cuda` compiles a string by
# `g++` and watches every access.

# %% slideshow={"slide_type": "-"}
HOST = r"""
#include <stdio.h>
#include <stdlib.h>
#define N 512

void fill_array(int *data)
{
    for (int i = 0; i < N; i++)
        data[i] = i;
}

void host_add(const int *a, const int *b, int *c)
{
    for (int i = 0; i < N; i++)
        c[i] = a[i] + b[i];
}

void print_output(const int *a, const int *b, const int *c)
{
    for (int i = 0; i < N; i += 73)
        printf("%3d + %3d = %4d\n", a[i], b[i], c[i]);
}

"""

# %% slideshow={"slide_type": "subslide"}
HOST_MAIN = r"""
int main(void)
{
    int *a = (int *)malloc(N * sizeof(int)), *b = (int *)malloc(N * sizeof(int)), *c = (int *)malloc(N * sizeof(int));
    fill_array(a);
    fill_array(b);
    host_add(a, b, c);
    print_output(a, b, c);
    free(a), free(b), free(c);
}
"""
run_cuda(HOST + HOST_MAIN)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### How much there is to win
#
# Peak rates, in TFLOPS: 10¹² additions or multiplications a second. A processor's is *cores × clock × operations a tick*: the desktop CPU of 2016 (Intel's i7-6700K) has 4 cores × 4 GHz × 32
# (two units, eight numbers wide, multiply and add) = 0.5; the V100 of 2017 has 5120 cores × 1.53 GHz × 2 = 15.7. Tensor cores and TPUs multiply small matrices of 16-bit numbers in
# one go, and a pod is a thousand chips, or four thousand (Jouppi et al. 2023). All are peaks on paper; programs see a part.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.peak_rates(
    [
        figures.Device("desktop CPU, 4 cores, 2016 (32 bit)", 4 * 4.0 * 32 / 1000, "CPU"),
        figures.Device("GTX 1080, 2016 (32 bit)", round(2560 * 1.733 * 2 / 1000, 1), "GPU"),
        figures.Device("V100, 2017 (32 bit)", 15.7, "GPU"),
        figures.Device("V100, 2017 (tensor cores, 16 bit)", 125, "GPU"),
        figures.Device("H100, 2022 (32 bit)", 67, "GPU"),
        figures.Device("H100, 2022 (tensor cores, 16 bit)", 989, "GPU"),
        figures.Device("TPU v3 pod, 1024 chips, 2019 (16 bit)", 100_000, "TPU"),
        figures.Device("TPU v4 pod, 4096 chips, 2020 (16 bit)", round(4096 * 275, -5), "TPU"),
    ]
)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 2 · Two memories
#
# The device has a memory of its own. A pointer of the one side means nothing on the other; what the device is to work on must travel there, and the result back. Five steps:
# **allocate** (`cudaMalloc`), **copy there** (`cudaMemcpy`), **launch**, **copy back**, **free** (`cudaFree`).

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.two_memories()

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The slide's program, and what is wrong with it
#
# `__global__` marks a kernel: code for *one* thread, started by `kernel<<<blocks, threads a block>>>(…)` (Nickolls et al. 2008). Here is the slide's program, shortened. It has two bugs. Find both before you go on:

# %% slideshow={"slide_type": "-"}
SLIDE = r"""
#include <stdio.h>
#include <stdlib.h>
#define N 512

__global__ void device_add(const int *a, const int *b, int *c)
{
    int index = threadIdx.x + blockIdx.x * blockDim.x;
    c[index] = a[index] + b[index];
}

"""

# %% slideshow={"slide_type": "subslide"}
SLIDE_MAIN = r"""
int main(void)
{
    int a[N], b[N], c[N], *d_a, *d_b, *d_c, size = N * sizeof(int);
    for (int i = 0; i < N; i++)
        a[i] = b[i] = i;
    cudaMalloc((void *)&d_a, size);
    cudaMalloc((void *)&d_b, size);
    cudaMalloc((void *)&d_c, size);
    cudaMemcpy(d_a, a, size, cudaMemcpyHostToDevice);
    cudaMemcpy(d_b, b, size, cudaMemcpyHostToDevice);
    device_add<<<1, 1>>>(d_a, d_b, d_c);
    cudaMemcpy(c, d_c, size, cudaMemcpyDeviceToHost);
    printf("%d + %d = %d\n", a[0], b[0], c[0]);
    printf("%d + %d = %d\n", a[511], b[511], c[511]);
    cudaFree(d_a), cudaFree(d_b), cudaFree(d_c);
}
"""
try:
    run_cuda(SLIDE + SLIDE_MAIN)
except CompileError:
    print("CompileError: (void *) is not (void **)")

# %% [markdown] slideshow={"slide_type": "subslide"}
# **The first bug is loud.** `cudaMalloc` writes an address into your pointer, so it wants the pointer's own address: a `void **`, or in C++ any `T **`. The slide casts it to `void *`. C would let that pass, CUDA is C++ and does not.
# **The second is silent.** Mend the first, and it compiles, it runs, it prints, and the first line is right.
#
# <details class="predict"><summary><b>Predict.</b> The last line prints 511 + 511 = …?</summary><p>Not 1022. <code>&lt;&lt;&lt;1, 1&gt;&gt;&gt;</code> is one block of one thread; its index is 0, so it adds one pair. Cell 511 was never written: −1 on our pretended device, anything on a real one.</p></details>

# %% slideshow={"slide_type": "-"}
run_cuda(SLIDE + SLIDE_MAIN.replace("(void *)", "(void **)"))

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 3 · Which cell is mine?
#
# All threads run the same code. What tells them apart are two numbers: the place in the block and the block's place in the grid.
#
# ```c
# index = threadIdx.x + blockIdx.x * blockDim.x
# ```
#
# Fourteen cells, blocks of four: three blocks are too few, so there are four, and two threads have no cell. They must stay away: `if (index < n)`, the **guard**.
#
# <details class="predict"><summary><b>Predict.</b> Which cell has thread 3 of block 2? And which two threads have none?</summary><p>3 + 2 · 4 = 11. Threads 2 and 3 of block 3, with the indices 14 and 15.</p></details>

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.indices(14, 4)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The same in a simulator that you can ask
#
# `lifelong.cuda` runs kernels written in Python, CUDA-style, its threads interleaved, every access recorded.

# %% slideshow={"slide_type": "-"}
@kernel
def add(a, b, c, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if i < n:
        c[i] = a[i] + b[i]


a, b, c = to_device(np.arange(14)), to_device(100 * np.arange(14)), device_array(14, np.int64)
launch = add[4, 4](a, b, c, 14)
print(c.copy_to_host())

# %% slideshow={"slide_type": "subslide"}
launch.draw()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The same in two dimensions
#
# Blocks and grids may have rows and columns, too: `x` counts columns, `y` rows, and the guard asks twice. 5 × 10 cells, 3 × 3 blocks of 4 × 2 threads. Each cell is coloured by its block, and in memory it is the number row · 10 + column:

# %% slideshow={"slide_type": "-"}
@kernel
def double(x, rows, columns):
    row, column = threadIdx.y + blockIdx.y * blockDim.y, threadIdx.x + blockIdx.x * blockDim.x
    if row < rows and column < columns:
        x[row, column] = 2 * x[row, column]


double[(3, 3), (4, 2)](to_device(np.arange(50).reshape(5, 10)), 5, 10).draw()

# %% [markdown] slideshow={"slide_type": "slide"}
# ### What goes wrong without the guard, and how it is found
#
# On a real GPU, writing past the end mostly does *nothing visible*: it lands in somebody else's array. Here it is named, thread and cell.
#
# <details class="predict"><summary><b>Predict.</b> 16 threads without a guard on 14 cells. Who is named, at which cell, and is it a read or a write?</summary><p>Thread 2 of block 3, at cell 14, and at a <i>read</i>: before it can store the sum it must fetch a[14]. Thread 3 does likewise at 15.</p></details>

# %% slideshow={"slide_type": "-"}
@kernel
def add_unguarded(a, b, c):
    i = threadIdx.x + blockIdx.x * blockDim.x
    c[i] = a[i] + b[i]


with recording() as record:
    add_unguarded[4, 4](a, b, c)
print(record.findings[0].text)

# %% [markdown] slideshow={"slide_type": "subslide"}
# A table of what is caught, by which tier. The left column is what one writes at 11 pm.
#
# | what was done | simulator | CUDA C on a CPU | a real GPU |
# |---|---|---|---|
# | no guard, `<=`, index −1 | named, with thread and cell | named, with line and thread | silent, or `illegal address` later |
# | too few threads | unwritten cells | unwritten bytes copied back | garbage |
# | two threads, one cell | race, both threads | race, both threads | other numbers on other days |
# | `__syncthreads()` in an `if` | divergent barrier | divergent barrier | hangs, or not |
# | host pointer in a kernel, device pointer on the host | named | named | crash |
# | wrong direction of a copy, double free, leak | named | named | a code that nobody looks at |
# | 2048 threads a block | named | failed launch | a code that nobody looks at |

# %% [markdown] slideshow={"slide_type": "slide"}
# ### How many blocks?
#
# 512 elements, 128 threads a block: 4 blocks. 500 elements: still 4, the last one with 12 idle threads. 513: 5. So *round up*. `500 / 128` in C rounds down, to 3, and 116
# elements are never touched. A block has at most 1024 threads; warps have 32, so blocks are multiples of 32.

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### The grid-stride loop
#
# Or let any grid do any n: each thread goes on by the number of all threads (Harris 2013; his sum of a block, of 2007, is in section 4). 14 cells, 2 blocks of 2 threads; each thread takes every fourth cell.
#
# <details class="predict"><summary><b>Predict.</b> How many rounds does the first thread go, how many the last?</summary><p>The first takes cells 0, 4, 8, 12: four rounds. The last takes 3, 7, 11: three; its next, 15, does not exist, and the <code>while</code> is the guard.</p></details>

# %% slideshow={"slide_type": "-"}
@kernel
def scale(x, factor, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    while i < n:
        x[i] = factor * x[i]
        i += blockDim.x * gridDim.x


x = to_device(np.arange(14.0))
launch = scale[2, 2](x, 10, 14)
print(x.copy_to_host())
launch.draw()

# %% [markdown] slideshow={"slide_type": "slide"}
# ### Hadamard product
#
# Any element-wise function has this form. Write `c[i] = a[i] * b[i]` in place of the sum, and it is the Hadamard product; the nonlinearity of a layer, dropout and the update of an optimizer are no
# different. (In the homework: matrices, stored row by row with padding.)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 4 · Threads that work together
#
# The threads of a block share a small fast memory, `__shared__`, and can wait for one another: nobody passes `__syncthreads()` before all have come to it. With both, a block adds up
# its numbers in log₂ steps: 8 numbers, 4 pairs, 2, 1.
#
# What if the barrier is forgotten? Two threads, one hands a number to the other:
#
# <details class="predict"><summary><b>Predict.</b> x = (1, 2), and each thread is to get the other's number. What is in x without the barrier?</summary><p>Nobody can say. If thread 0 runs first to its end, it reads a cell that thread 1 has not written yet. A simulator that only ran it would show one of the orders; this one sees that nothing fixes the order, and names both threads.</p></details>

# %% slideshow={"slide_type": "subslide"}
@kernel
def swap(x):
    cell = shared.array(2, np.float64)
    t = threadIdx.x
    cell[t] = x[t]
    x[t] = cell[1 - t]  # has the other thread written its cell yet?


@kernel
def swap_with_barrier(x):
    cell = shared.array(2, np.float64)
    t = threadIdx.x
    cell[t] = x[t]
    syncthreads()
    x[t] = cell[1 - t]


for each in (swap, swap_with_barrier):
    x = to_device(np.array([1.0, 2.0]))
    with recording() as record:
        each[1, 2](x)
    print(record.findings[0].text if record.findings else f"no fault: {x.copy_to_host()}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A block sum in CUDA C, barrier forgotten
#
# On a GPU nothing warns: this program prints a number, and which thread comes first is up to the hardware, so on some days it is right. Here it is stopped:

# %% slideshow={"slide_type": "-"}
BLOCK_SUM = r"""
#include <stdio.h>

__global__ void block_sum(const int *x, int *sum)
{
    __shared__ int tile[64];
    int t = threadIdx.x;
    tile[t] = x[t];
    __syncthreads();
    for (int stride = 32; stride > 0; stride /= 2)
        if (t < stride)
            tile[t] += tile[t + stride];
    if (t == 0)
        *sum = tile[0];
}

"""

# %% slideshow={"slide_type": "subslide"}
BLOCK_SUM_MAIN = r"""
int main(void)
{
    int x[64], sum, *d_x, *d_sum;
    for (int i = 0; i < 64; i++)
        x[i] = i;
    cudaMalloc(&d_x, sizeof(x));
    cudaMalloc(&d_sum, sizeof(int));
    cudaMemcpy(d_x, x, sizeof(x), cudaMemcpyHostToDevice);
    block_sum<<<1, 64>>>(d_x, d_sum);
    cudaMemcpy(&sum, d_sum, sizeof(int), cudaMemcpyDeviceToHost);
    printf("%d\n", sum);
    cudaFree(d_x), cudaFree(d_sum);
}
"""
run_cuda(BLOCK_SUM + BLOCK_SUM_MAIN)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 5 · Layout: what lies beside what
#
# A **warp**, 32 threads that execute an instruction together, reads together, and memory comes in sectors of 32 bytes. (In lockstep until 2017; since Volta each has a program counter of its own.) If neighbouring threads read neighbouring floats, 4 sectors bring all 128 bytes:
# the access is **coalesced**. If they read down a column of a row-major matrix, each thread fetches a sector for its four bytes alone.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.coalescing(
    [
        ("thread t reads element t", 1, 0),
        ("element t + 3 (not aligned)", 1, 3),
        ("element 2t", 2, 0),
        ("element 8t (a column of a matrix of 8 columns)", 8, 0),
    ]
)

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Counted
#
# The simulator knows who has read what. A 32 × 32 matrix, each thread reads one number of row 0, or of column 0; transactions of one warp, counted from its recorded reads:
#
# <details class="predict"><summary><b>Predict.</b> 32 threads, 32 numbers of 4 bytes, sectors of 32 bytes. How many transactions for the row, how many for the column?</summary><p>The row is 128 bytes in one piece: 4. In the column neighbours are 128 bytes apart, so each number has a sector of its own: 32, and 28 of every 32 bytes are fetched for nothing.</p></details>

# %% slideshow={"slide_type": "-"}
@kernel
def read(matrix, out, stride):
    out[threadIdx.x] = matrix[stride * threadIdx.x]


matrix, out = to_device(np.arange(1024, dtype=np.float32)), device_array(32, np.float32)
for name, stride in (("row", 1), ("column", 32)):
    reads = [access for access in read[1, 32](matrix, out, stride).accesses if access.kind == "read"]
    sectors = {4 * int(np.ravel(access.index)[0]) // 32 for access in reads}
    print(f"{name}: {len(reads)} reads, {len(sectors)} transactions; by the formula {figures.transactions(stride)}")

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### Your turn: count the sectors
#
# Thread $t$ of a warp reads the float number $t\cdot s$, the first at the start of a sector. How many sectors of 32 bytes does the warp fetch for strides $s$ = 1, 2, 8, 32? (4, 8, 32, 32.)

# %% slideshow={"slide_type": "-"}
def sectors_of_a_warp(stride):
    """How many sectors of 32 bytes 32 threads fetch that read floats so far apart."""
    raise NotImplementedError  # your line in place of this one

# %% slideshow={"slide_type": "-"}
cases = [((1,), 4), ((2,), 8), ((8,), 32), ((32,), 32)]
try_it(sectors_of_a_warp, cases, [(128, "32 threads cannot fetch more than 32 sectors."), (1, "A sector holds 8 floats, and a warp reads 32.")])

# %% [markdown] slideshow={"slide_type": "-"}
# <details><summary>One way</summary><pre><code>return min(32, 4 * stride)</code></pre></details>

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A naive convolution, and why layouts matter
#
# Every output has a thread; it multiplies its neighbourhood by the weights. One dimension, three weights. (Two dimensions are in the homework; the deck points to N. Ichimura's.) With 3 × 3 weights each input is fetched nine times, and images have *channels*: whether these lie innermost (NHWC) or outermost (NCHW) decides if neighbouring threads read
# neighbouring cells. A kernel tuned for one layout is slow on the other, so frameworks fix a few layouts and kernels, and what does not fit them crawls.
#
# <details class="predict"><summary><b>Predict.</b> 8 cells, 3 weights, and the two cells at the ends get no output. How often is each cell fetched?</summary><p>1, 2, 3, 3, 3, 3, 2, 1: by each output beside it, and by its own. 18 reads for 8 numbers, which is what shared memory is for.</p></details>

# %% slideshow={"slide_type": "subslide"}
@kernel
def blur(x, y, n):
    i = threadIdx.x + blockIdx.x * blockDim.x
    if 0 < i < n - 1:
        y[i] = 0.25 * x[i - 1] + 0.5 * x[i] + 0.25 * x[i + 1]


x, y = to_device(np.array([0.0, 0, 0, 4, 0, 0, 0, 8])), to_device(np.zeros(8))
launch = blur[2, 4](x, y, 8)
reads = [int(np.ravel(access.index)[0]) for access in launch.accesses if access.kind == "read"]
print(y.copy_to_host(), " fetches of each cell:", np.bincount(reads, minlength=8))
launch.draw()

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The capsule: a kernel that nobody had prepared
#
# Barham & Isard (2019) wanted capsules: a convolution of small matrices in place of numbers, a handful of nested loops. No library had it. The same kernel by several compilers
# (Tensor Comprehensions three times, searching longer each time):

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.capsule(
    [
        ("PlaidML", 0.56, 604),
        ("gcc, one core", 0.5, 64.3),
        ("gcc with OpenMP, six cores", 0.5, 11.7),
        ("Tensor Comprehensions, first", 3.2, 225),
        ("tuned", 64, 18.3),
        ("tuned longest", 1002, 1.8),
        ("CUDA, by hand", 48 * 3600, 1.9),
    ]
)

# %% [markdown] slideshow={"slide_type": "-"}
# To the right costs patience, upwards costs time in every run; all but gcc's ran on a GPU.
# Automatic code for a GPU was slower than plain C on a CPU, until it was searched for long enough. "Stuck in a rut": the ideas that run fast are the
# ideas for which somebody has already written the kernel.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 6 · From vectors to layers
#
# $C=AB$ is a grid of dot products. Each cell of $C$ is one: a row of $A$ with a column of $B$. Nobody has to wait for anybody, so every cell gets a thread.

# %% slideshow={"slide_type": "-"} jupyter={"source_hidden": true}
figures.dot_products()

# %% [markdown] slideshow={"slide_type": "subslide"}
# ### A layer: 60 images of 784 pixels
#
# A batch of 60 MNIST digits is a 60 × 784 matrix; a layer of 128 units multiplies it by a 784 × 128 one: 7680 dot products of 784 terms, 6 million multiplications, and on the GPU
# 7680 threads. In C, with a naive kernel, on the pretended device (a small batch of it, for a CPU plays 640 threads here):

# %% slideshow={"slide_type": "-"}
LAYER = r"""
#include <stdio.h>
#define ROWS 5
#define INNER 784
#define COLUMNS 128

float host_relu(float x) { return x > 0 ? x : 0; }

__global__ void layer(const float *x, const float *w, float *y)
{
    int column = threadIdx.x + blockIdx.x * blockDim.x, row = threadIdx.y + blockIdx.y * blockDim.y;
    if (row < ROWS && column < COLUMNS) {
        float sum = 0;
        for (int k = 0; k < INNER; k++)
            sum += x[row * INNER + k] * w[k * COLUMNS + column];
        y[row * COLUMNS + column] = sum > 0 ? sum : 0;
    }
}

"""

# %% slideshow={"slide_type": "subslide"}
LAYER_MAIN = r"""
int main(void)
{
    static float x[ROWS * INNER], w[INNER * COLUMNS], y[ROWS * COLUMNS];
    float *d_x, *d_w, *d_y;
    for (int i = 0; i < ROWS * INNER; i++)
        x[i] = i % 3;
    for (int i = 0; i < INNER * COLUMNS; i++)
        w[i] = i % 7 - 2;
    cudaMalloc(&d_x, sizeof(x));
    cudaMalloc(&d_w, sizeof(w));
    cudaMalloc(&d_y, sizeof(y));
    cudaMemcpy(d_x, x, sizeof(x), cudaMemcpyHostToDevice);
    cudaMemcpy(d_w, w, sizeof(w), cudaMemcpyHostToDevice);
    dim3 block(32, 4), grid(COLUMNS / 32, 2);
    layer<<<grid, block>>>(d_x, d_w, d_y);
    cudaMemcpy(y, d_y, sizeof(y), cudaMemcpyDeviceToHost);
    printf("%g %g %g ... %g\n", y[0], y[1], y[2], y[ROWS * COLUMNS - 1]);
    cudaFree(d_x), cudaFree(d_w), cudaFree(d_y);
}
"""
print(run_cuda(LAYER + LAYER_MAIN))

# %% slideshow={"slide_type": "-"}
x = torch.arange(5 * 784).remainder(3).float().reshape(5, 784)
w = (torch.arange(784 * 128).remainder(7) - 2).float().reshape(784, 128)
y = torch.relu(x @ w)
print("torch:", *(f"{value:g}" for value in y[0, :3].tolist()), "...", f"{y[-1, -1].item():g}")

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 7 · Levels of abstraction
#
# The same sum of two vectors, four times, from the metal up.
#
# | level | you write | it cares for |
# |---|---|---|
# | **CUDA C** | a thread: index, guard, grid, memory, transfers | nothing |
# | **Triton** | a *block* of elements at a time, with a mask as the guard (Tillet et al. 2019) | threads, coalescing, shared memory |
# | **torch** | `a + b` on tensors that live on the device | kernels, memory, streams |
# | **`.to(device)`**, in Torch7 `:cuda()` | where a whole model lives | all else |

# %% slideshow={"slide_type": "subslide"}
TRITON = '''
@triton.jit
def add_kernel(a, b, c, n, BLOCK: tl.constexpr):
    index = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)   # a whole block of indices
    mask = index < n                                          # the guard
    tl.store(c + index, tl.load(a + index, mask) + tl.load(b + index, mask), mask)

add_kernel[(triton.cdiv(n, 1024),)](a, b, c, n, BLOCK=1024)
'''
device = "cuda" if torch.cuda.is_available() else "cpu"
a, b = (torch.arange(512, device=device) for _ in range(2))
print(f"torch on {device}: {(a + b)[-1].item()}; triton is {'' if importlib.util.find_spec('triton') else 'not '}installed here")
model = torch.nn.Linear(784, 10).to(device)
print(model(torch.zeros(60, 784, device=device)).shape)

# %% [markdown] slideshow={"slide_type": "slide"}
# ### The real compiler, without a GPU
#
# `g++` is lenient where `nvcc` is not. NVIDIA's own compiler comes as a library (NVRTC) with PyTorch's CUDA packages and needs no GPU. Where it is, `ask_nvidia` has its word on your
# kernels. Good ones become PTX, the GPU's portable assembly. A kernel that calls a function of the host's, which `g++` takes, is refused: on the device there is none of that name.

# %% slideshow={"slide_type": "-"}
print(ask_nvidia(SLIDE))
print(ask_nvidia(LAYER.replace("sum > 0 ? sum : 0", "host_relu(sum)")))

# %% [markdown] slideshow={"slide_type": "slide"}
# ### A real GPU, where there is one
#
# Millions of additions, on the host and on the device, the transfers counted. Where there is no GPU, the cell shows what was measured on a large one (NVIDIA H200, 2026). The kernel
# wins by two orders of magnitude, and the transfers eat it all up. A sum reads 8 bytes for one addition; it pays to go there only with much work for each byte, as in a matrix
# product, and to *stay* there, as a training loop does. In Colab: *Runtime*, *Change runtime type*, *T4 GPU*, and the cell measures yours.

# %% slideshow={"slide_type": "-"}
ADD = r"""
__global__ void vector_add(const float *a, const float *b, float *c, int n)
{
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < n)
        c[i] = a[i] + b[i];
}
"""
n, timing, place = 67_108_864, Timing(host=0.1051, kernel=0.000288, transfers=0.2485), "recorded on an NVIDIA H200"
if has_gpu():
    n, place = 10_000_000, "your GPU"
    timing = time_addition(ADD, "vector_add", n)
print(f"{place}: host {timing.host * 1e3:.2f} ms, kernel {timing.kernel * 1e3:.2f} ms, transfers {timing.transfers * 1e3:.2f} ms")
figures.gpu_times(timing.host, timing.kernel, timing.transfers, n)

# %% [markdown] slideshow={"slide_type": "slide"}
# ## 8 · What to remember
#
# * A kernel is the code of one thread; the index says which cell is its own; the guard keeps the surplus threads away.
# * Two memories: allocate, copy there, launch, copy back, free. Look at every return code, and ask `cudaGetLastError()` after a launch.
# * Threads of a block can wait for one another, at a barrier that *all* of them reach. Blocks cannot, unless the kernel is launched as a *cooperative* one.
# * Neighbouring threads, neighbouring cells.
# * Each level above takes some of this off you, and some ideas away.

# %% [markdown] slideshow={"slide_type": "slide"}
# ## Test yourself
#
# <details><summary>1000 elements, blocks of 256. How many blocks, and how many threads have nothing to do?</summary><p>Four, since 1000 / 256 = 3.9 is rounded up; 4 · 256 − 1000 = 24.</p></details>
#
# <details><summary>A kernel gives the right sum on 99 runs of 100. What do you look for first?</summary><p>A race: somebody reads what another thread has written, with no barrier between. Then an access out of bounds, which is seen only when it hits something.</p></details>
#
# <details><summary>Host 5 ms, kernel 0.1 ms, transfers 10 ms. Is it worth it?</summary><p>Not for one addition. It is if the data stay on the device for many kernels, or if there is much work for each byte, as in a matrix product.</p></details>
#
# **Stretch.** A *tiled* product: each block brings a tile of $A$ and one of $B$ into shared memory, waits, multiplies, waits, goes on. The naive product of two $n\times n$ matrices reads $2n^3$ numbers from global memory, one with tiles of $t\times t$ reads $2n^3/t$. Write it for the simulator with $n=32$, $t=8$, and count: 8,192 reads in place of 65,536.
