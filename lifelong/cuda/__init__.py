"""A GPU in Python: kernels written CUDA-style, every access recorded, and what would crash or race said in words.

For example::

    from lifelong.cuda import blockDim, blockIdx, device_array, kernel, threadIdx, to_device

    @kernel
    def double(x, y, n):
        i = threadIdx.x + blockIdx.x * blockDim.x
        if i < n:
            y[i] = 2 * x[i]

    d_x, d_y = to_device(x), device_array(n)
    double[blocks, threads](d_x, d_y, n)
    y = d_y.copy_to_host()
"""

from lifelong.cuda.finding import CudaError, Finding, Kind
from lifelong.cuda.kernel import (
    atomicAdd,
    atomicCAS,
    atomicExch,
    atomicMax,
    atomicMin,
    atomicSub,
    device,
    kernel,
    last_launch,
    shared,
    syncthreads,
)
from lifelong.cuda.launch import Launch
from lifelong.cuda.place import Place
from lifelong.cuda.recording import Recording, recording
from lifelong.cuda.runtime import (
    cudaDeviceReset,
    cudaFree,
    cudaMalloc,
    cudaMemcpy,
    cudaMemcpyDeviceToDevice,
    cudaMemcpyDeviceToHost,
    cudaMemcpyHostToDevice,
    cudaMemcpyHostToHost,
    cudaMemset,
    device_array,
    to_device,
)
from lifelong.cuda.threads import blockDim, blockIdx, gridDim, threadIdx
from lifelong.cuda.trace import Access
from lifelong.plots.style import Picture


def draw(launch: Launch | None = None) -> Picture | None:
    """A picture of a launch, by default the last: blocks, threads, and what they read and write."""
    return (launch or last_launch()).draw()
