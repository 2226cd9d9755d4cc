"""Compile the student's CUDA C with a main() of ours and run it on raw arrays; it holds no kernel and no answer.

The pretended device is compiled once, before the zygote forks, for a private /tmp starts empty.

What a cheat could forge: the program shares its process with the pretended device and could write the report itself.
Marks hang on drawn numbers first, which it must have computed. That they came from a kernel, that nothing leaked or
raced, is the report's word, and whoever forges that has done more than was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lifelong.cuda_c import CompileError, Limits, Run, compile_program, has_compiler, run_program
from lifelong.cuda_c.compiler import runtime

Names = Mapping[str, Any]

SECONDS = 4.0
PLENTY = Limits(SECONDS)

_refused: dict[str, CompileError] = {}
_endless: dict[str, Run] = {}

SLIDE = """
int main() {
    int n;
    lifelong::input(&n, sizeof n);
    int *a = (int *)malloc(n * sizeof(int)), *b = (int *)malloc(n * sizeof(int)), *c = (int *)malloc(n * sizeof(int));
    lifelong::input(a, n * sizeof(int));
    lifelong::input(b, n * sizeof(int));
    lifelong::input(c, n * sizeof(int));
    add_vectors(a, b, c, n);
    lifelong::output(c, n * sizeof(int));
    free(a);
    free(b);
    free(c);
}
"""

MEAN = """
int main() {
    int n;
    lifelong::input(&n, sizeof n);
    size_t bytes = n * sizeof(float);
    float *x = (float *)malloc(bytes), *y = (float *)malloc(bytes), *z = (float *)malloc(bytes);
    lifelong::input(x, bytes);
    lifelong::input(y, bytes);
    lifelong::input(z, bytes);
    int code = mean(x, y, z, n);
    lifelong::output(&code, sizeof code);
    lifelong::output(z, bytes);
    free(x);
    free(y);
    free(z);
}
"""

DOT = """
int main() {
    int n, grid, block;
    lifelong::input(&n, sizeof n);
    lifelong::input(&grid, sizeof grid);
    lifelong::input(&block, sizeof block);
    float *x, *y, *result, *host = (float *)malloc(n * sizeof(float)), sum;
    cudaMalloc(&x, n * sizeof(float));
    cudaMalloc(&y, n * sizeof(float));
    cudaMalloc(&result, sizeof(float));
    cudaMemset(result, 0, sizeof(float));
    lifelong::input(host, n * sizeof(float));
    cudaMemcpy(x, host, n * sizeof(float), cudaMemcpyHostToDevice);
    lifelong::input(host, n * sizeof(float));
    cudaMemcpy(y, host, n * sizeof(float), cudaMemcpyHostToDevice);
    void (*kernel)(const float *, const float *, float *, int) = dot;
    lifelong::launch(0, "dot", kernel, grid, block)(x, y, result, n);
    cudaMemcpy(&sum, result, sizeof sum, cudaMemcpyDeviceToHost);
    lifelong::output(&sum, sizeof sum);
    cudaFree(x);
    cudaFree(y);
    cudaFree(result);
    free(host);
}
"""


def slide(names: Names, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The sums, and how many threads and blocks were started for them."""
    n = len(inputs["a"])
    arrays = [np.array([n], dtype=np.int32), *(inputs[name].numpy() for name in ("a", "b", "c"))]
    run = _run(names["slide_program"](), SLIDE, arrays, [("i4", n)])
    grids = [(int(np.prod(grid.blocks)), int(np.prod(grid.threads))) for grid in run.launches if grid.started]
    started = sum(blocks * threads for blocks, threads in grids)
    idle = any((blocks - 1) * threads >= n for blocks, threads in grids)
    return {**_told(run, ["result"]), "on_device": _on_device(run, 4 * n), "enough": started >= n, "idle": idle}


def memory(names: Names, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The means and the code that came back, on a device that may have too little memory or take no launch."""
    n = len(inputs["x"])
    arrays = [np.array([n], dtype=np.int32), *(inputs[name].numpy() for name in ("x", "y", "z"))]
    limits = Limits(SECONDS, device_bytes=inputs["device_bytes"], launches=inputs["launches"])
    run = _run(names["mean_program"](), MEAN, arrays, [("i4", 1), ("f4", n)], limits)
    told = {**_told(run, ["code", "result"]), "on_device": _on_device(run, 4 * n)}
    return {**told, "code": int(told["code"][0])} if "code" in told else told


def dot_product(names: Names, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The dot product, and whether there were at most as many atomic operations as blocks."""
    n, grid, block = len(inputs["x"]), inputs["grid"], inputs["block"]
    arrays = [np.array([n, grid, block], dtype=np.int32), inputs["x"].numpy(), inputs["y"].numpy()]
    run = _run(names["dot_program"](), DOT, arrays, [("f4", 1)])
    return {**_told(run, ["result"]), "frugal": run.atomics <= grid}


def _run(source: str, main: str, arrays: list[Any], outputs: list[tuple[str, int]], limits: Limits = PLENTY) -> Run:
    """A run; one that has not come to an end is not tried again, and what does not compile is compiled once."""
    if source in _refused:
        raise _refused[source]
    if source in _endless:
        return _endless[source]
    try:
        program = compile_program(source, main)
    except CompileError as error:
        _refused[source] = error
        raise
    run = run_program(program, arrays, outputs, limits)
    if any(finding.kind == "timeout" for finding in run.findings):
        _endless[source] = run
    return run


def _on_device(run: Run, size: int) -> bool:
    """Whether kernels wrote, and the host fetched, as many bytes as the result has."""
    return run.written >= size and run.fetched >= size


def _told(run: Run, names: list[str]) -> dict[str, Any]:
    """The arrays that came out by name, and the kinds of what was found, each once."""
    kinds = []
    for finding in run.findings:
        kind = finding.kind
        if kind == "bounds":
            kind += " in a kernel" if "thread" in finding.facts else " in a call"
        if kind == "race":
            same = finding.facts["block"] == finding.facts["other_block"]
            kind += " in a block" if same else " between blocks"
        kinds.append(kind)
    return {**dict(zip(names, run.outputs, strict=False)), "faults": sorted(set(kinds))}


if has_compiler():
    runtime()
