"""Drive ``c_dot_product``: the dot product, and whether there were at most as many atomic operations as blocks."""

from typing import Any

import numpy as np

from .c_programs import Inputs, program_of, reported, run_with_main

MAIN = """
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
    (void)kernel;
    auto call = [=](const float *x, const float *y, float *result, int n) LIFELONG_CALL { dot(x, y, result, n); };
    lifelong::launch(0, "dot", call, grid, block)(x, y, result, n);
    cudaMemcpy(&sum, result, sizeof sum, cudaMemcpyDeviceToHost);
    lifelong::output(&sum, sizeof sum);
    cudaFree(x);
    cudaFree(y);
    cudaFree(result);
    free(host);
}
"""


source = program_of("dot_program")


def probe(source: Inputs, inputs: Inputs) -> dict[str, Any]:
    """The kernel alone is the student's."""
    grid = inputs["grid"]
    sizes = np.array([len(inputs["x"]), grid, inputs["block"]], dtype=np.int32)
    arrays = [sizes, inputs["x"].numpy(), inputs["y"].numpy()]
    run = run_with_main(source["program"], MAIN, arrays, [("f4", 1)])
    return {**reported(run, ["result"]), "frugal": run.atomics <= grid}
