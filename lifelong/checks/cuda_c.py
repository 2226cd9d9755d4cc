"""Public checks of the exercises in CUDA C: small programs run on the pretended device, against sums done by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lifelong.checks.expect import lookup
from lifelong.checks.failure import CheckFailed
from lifelong.cuda_c import Limits, NoCompiler, Run, compile_program, explained, run_program
from lifelong.cuda_c.compiler import CompileError, as_program

Names = Mapping[str, Any]

COMMON = """
template <class T> T *given(int n) {
    T *made = (T *)malloc(n * sizeof(T));
    lifelong::input(made, n * sizeof(T));
    return made;
}
"""

SLIDE = """
int main() {
    int n = *given<int>(1), *a = given<int>(n), *b = given<int>(n), *c = given<int>(n);
    add_vectors(a, b, c, n);
    lifelong::output(c, n * sizeof(int));
}
"""

MEAN = """
int main() {
    int n = *given<int>(1);
    float *x = given<float>(n), *y = given<float>(n), *z = given<float>(n);
    int code = mean(x, y, z, n);
    lifelong::output(&code, sizeof code);
    lifelong::output(z, n * sizeof(float));
}
"""

DOT = """
int main() {
    int n = *given<int>(1), grid = *given<int>(1), block = *given<int>(1);
    float *host = given<float>(2 * n), *device, *result, sum;
    cudaMalloc(&device, 2 * n * sizeof(float));
    cudaMalloc(&result, sizeof(float));
    cudaMemset(result, 0, sizeof(float));
    cudaMemcpy(device, host, 2 * n * sizeof(float), cudaMemcpyHostToDevice);
    void (*kernel)(const float *, const float *, float *, int) = dot;
    lifelong::launch(0, "dot", kernel, grid, block)((const float *)device, (const float *)device + n, result, n);
    cudaMemcpy(&sum, result, sizeof sum, cudaMemcpyDeviceToHost);
    lifelong::output(&sum, sizeof sum);
    cudaFree(device);
    cudaFree(result);
}
"""


class _Program:
    """A student's program with a main() of ours."""

    def __init__(self, names: Names, function: str, exercise: str, main: str) -> None:
        source = lookup(names, function, exercise)()
        if not isinstance(source, str):
            raise CheckFailed(f"{function}() should return the program as a string. Is there a `return`?")
        self.source = as_program(source)
        try:
            self._compiled = compile_program(source, COMMON + main)
        except CompileError as error:
            raise CheckFailed(f"The program does not compile.\n{error}") from None
        except NoCompiler as error:
            raise CheckFailed(str(error)) from None

    def run(self, inputs: list[Any], outputs: list[tuple[str, int]], story: str, limits: Limits | None = None) -> Run:
        """A run that came to its end; what was found in it otherwise is told."""
        run = run_program(self._compiled, inputs, outputs, limits)
        faults = [finding for finding in run.findings if finding.kind != "host-leak"]  # the main above frees nothing
        if faults:
            raise CheckFailed(f"{story}: {explained(faults, self.source)[0]}")
        return run


def c_slide(names: Names) -> str:
    """Sums of 1, 5, 128, 129 and 1500 numbers, without a fault."""
    program = _Program(names, "slide_program", "c_slide", SLIDE)
    for n in (5, 1, 128, 129, 1500):
        a, b = np.arange(n, dtype=np.int32), np.full(n, 100, dtype=np.int32)
        story = f"add_vectors with n = {n}"
        inputs = [np.array([n], dtype=np.int32), a, b, np.full(n, -7, dtype=np.int32)]
        run = program.run(inputs, [("i4", n)], story)
        if not run.outputs:
            raise CheckFailed(f"{story} did not come to its end.")
        wrong = np.flatnonzero(run.outputs[0] != a + 100)
        if len(wrong):
            first = int(wrong[0])
            raise CheckFailed(
                f"{story}, a = 0, 1, 2, … and b = 100, 100, …: c[{first}] should be {first + 100}, but is {int(run.outputs[0][first])}; {n - len(wrong)} of {n} are right."
            )
        threads = sum(int(np.prod(grid.blocks)) * int(np.prod(grid.threads)) for grid in run.launches)
        if threads < n:
            raise CheckFailed(f"{story} starts {threads} threads. Start one for each element.")
        if run.written < 4 * n or run.fetched < 4 * n:
            raise CheckFailed(f"{story} is right, but the host has done it: let the kernel write c, and copy it back.")
        if any((np.prod(grid.blocks) - 1) * np.prod(grid.threads) >= n for grid in run.launches):
            raise CheckFailed(f"{story} starts a block that has nothing to do.")
    return "all sums are there, each by a thread of its own, and nothing beyond the arrays is touched."


def c_memory(names: Names) -> str:
    """Three means, a device that is full after none, one or two arrays, and one that takes no launch."""
    program = _Program(names, "mean_program", "c_memory", MEAN)
    inputs: list[Any] = [
        np.array([3], dtype=np.int32),
        *np.array([[1, 2, 3], [3, 6, -3], [-7, -7, -7]], dtype=np.float32),
    ]
    outputs = [("i4", 1), ("f4", 3)]
    story = "mean of x = (1, 2, 3) and y = (3, 6, -3)"
    run = program.run(inputs, outputs, story)
    if len(run.outputs) < 2:
        raise CheckFailed(f"{story} did not come to its end.")
    if run.outputs[0][0] != 0:
        raise CheckFailed(f"{story} should return cudaSuccess (0), but returns {run.outputs[0][0]}.")
    if run.outputs[1].tolist() != [2, 4, 0]:
        raise CheckFailed(f"{story}: z should be (2, 4, 0), but is {tuple(run.outputs[1].tolist())}.")
    if run.written < 12 or run.fetched < 12:
        raise CheckFailed(f"{story} is right, but the host has done it: let a kernel write z, and copy it back.")
    for rooms in range(3):
        story = f"mean of 3 numbers on a device with room for {rooms} such arrays"
        run = program.run(inputs, outputs, story, Limits(device_bytes=12 * rooms + 4))
        if not run.outputs or run.outputs[0][0] != 2:
            raise CheckFailed(f"{story} should return cudaErrorMemoryAllocation (2), which cudaMalloc has returned.")
    story = "mean on a device that takes no launch"
    run = program.run(inputs, outputs, story, Limits(launches=False))
    if not run.outputs or run.outputs[0][0] != 9:
        raise CheckFailed(f"{story} should return cudaErrorInvalidConfiguration (9): ask cudaGetLastError().")
    return "the means come back, failures are told, and nothing leaks either way."


def c_dot_product(names: Names) -> str:
    """Σ 2k for k = 1 … 100, by one block and by several, with fewer and with more threads than elements."""
    program = _Program(names, "dot_program", "c_dot_product", DOT)
    x, y = np.arange(1, 101, dtype=np.float32), np.full(100, 2, dtype=np.float32)
    for grid, block in ((1, 128), (1, 64), (1, 16), (2, 64), (3, 16), (4, 256)):
        story = f"dot<<<{grid}, {block}>>> of x = (1, …, 100) and y = (2, …, 2)"
        run = program.run([np.array([100, grid, block], dtype=np.int32), x, y], [("f4", 1)], story)
        if not run.outputs or run.outputs[0][0] != 10100:
            found = f"but is {run.outputs[0][0]:g}" if run.outputs else "but nothing came back"
            raise CheckFailed(f"{story} should be 10100, {found}.")
        if run.atomics > grid:
            raise CheckFailed(
                f"{story} does {run.atomics} atomic operations; one for each of the {grid} blocks will do."
            )
    return "right for every grid, one atomic operation a block, no race."


CHECKS: dict[str, Callable[[Names], str]] = {"c_slide": c_slide, "c_memory": c_memory, "c_dot_product": c_dot_product}
"""By exercise id: the check."""
