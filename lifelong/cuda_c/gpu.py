"""Run a kernel on a real GPU where there is one: PTX from NVRTC, launched by the driver on torch's own tensors."""

import ctypes
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import numpy as np
import torch

from lifelong.cuda_c.nvrtc import compile_ptx

Shape = tuple[int, int, int]

REPEATS = 20


class DriverError(RuntimeError):
    """The driver refuses; the message is its own."""


@dataclass(frozen=True)
class Timing:
    """How long one operation takes, in seconds, each the shortest of some runs.

    By NumPy on the host, by the kernel alone, and copying the inputs there and the output back.
    """

    host: float
    kernel: float
    transfers: float


def has_gpu() -> bool:
    """Whether torch sees an NVIDIA GPU."""
    return bool(torch.cuda.is_available())


def entry_name(ptx: str, kernel: str) -> str:
    """The name under which PTX knows a kernel: C++ adds the arguments' types to it.

    Raises:
        KeyError: there is no such kernel.
    """
    for name in re.findall(r"\.entry\s+(\w+)", ptx):
        if name == kernel or name.startswith(f"_Z{len(kernel)}{kernel}"):
            return str(name)
    raise KeyError(kernel)


def as_parameters(arguments: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Kernel arguments as the driver wants them: an array of pointers to them, and what must live as long.

    Args:
        arguments: torch tensors (passed as pointers), ints (as 32-bit int) and floats (as 32-bit float).
    """
    kept: list[Any] = []
    for value in arguments:
        if isinstance(value, torch.Tensor):
            kept.append(ctypes.c_void_p(value.data_ptr()))
        elif isinstance(value, float):
            kept.append(ctypes.c_float(value))
        else:
            kept.append(ctypes.c_int(int(value)))
    pointers = (ctypes.c_void_p * max(len(kept), 1))(*(ctypes.addressof(each) for each in kept))
    return pointers, kept


class GpuProgram:
    """The kernels of a CUDA C program, loaded onto the GPU that torch uses; its host functions are left out.

    Raises:
        CompileError: the compiler refuses the device code.
        DriverError: the driver refuses it.
    """

    def __init__(self, source: str) -> None:
        major, minor = torch.cuda.get_device_capability()
        self._ptx = compile_ptx(source, f"compute_{major}{minor}")
        torch.zeros(1, device="cuda")  # torch makes the context, which the driver's calls below share
        self._driver = ctypes.CDLL("libcuda.so.1")
        self._module = ctypes.c_void_p()
        self._must(self._driver.cuModuleLoadData(ctypes.byref(self._module), self._ptx.encode()))

    def launch(self, kernel: str, grid: Shape, block: Shape, arguments: Sequence[Any]) -> None:
        """Start a kernel on torch's current stream; it runs on while the host goes on."""
        function = ctypes.c_void_p()
        name = entry_name(self._ptx, kernel).encode()
        self._must(self._driver.cuModuleGetFunction(ctypes.byref(function), self._module, name))
        pointers, _kept = as_parameters(arguments)
        stream = ctypes.c_void_p(torch.cuda.current_stream().cuda_stream)
        self._must(self._driver.cuLaunchKernel(function, *grid, *block, 0, stream, pointers, None))

    def _must(self, status: int) -> None:
        if status:
            text = ctypes.c_char_p()
            self._driver.cuGetErrorString(status, ctypes.byref(text))
            raise DriverError((text.value or b"unknown error").decode())


def shortest(action: Callable[[], object], finish: Callable[[], object] = lambda: None) -> float:
    """The shortest time of some runs, in seconds, each with its finish."""
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        action()
        finish()
        times.append(perf_counter() - start)
    return min(times)


def time_addition(source: str, kernel: str, n: int) -> Timing:
    """Time c = a + b of n floats on the host and on the GPU, transfers apart.

    Args:
        source: a program with a kernel of ``(const float *a, const float *b, float *c, int n)``.
        kernel: its name.
        n: elements.

    Raises:
        ArithmeticError: host and GPU disagree.
    """
    rng = np.random.default_rng(0)
    a, b = (torch.from_numpy(rng.standard_normal(n, dtype=np.float32)) for _ in range(2))
    program = GpuProgram(source)
    there = [a.cuda(), b.cuda(), torch.full((n,), float("nan"), device="cuda")]
    grid = (-(-n // 256), 1, 1)
    program.launch(kernel, grid, (256, 1, 1), [*there, n])
    if not torch.equal(there[2].cpu(), a + b):
        raise ArithmeticError("the GPU's sums are not the host's")
    finish = torch.cuda.synchronize
    on_host = shortest(lambda: np.add(a.numpy(), b.numpy()))
    on_gpu = shortest(lambda: program.launch(kernel, grid, (256, 1, 1), [*there, n]), finish)
    return Timing(on_host, on_gpu, shortest(lambda: (a.cuda(), b.cuda(), there[2].cpu()), finish))
