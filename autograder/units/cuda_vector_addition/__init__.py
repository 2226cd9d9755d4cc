"""cuda_vector_addition, kernels for a simulated GPU and in CUDA C: its exercises in the notebook's order."""

from __future__ import annotations

from autograder.exercise import Exercise
from autograder.units.cuda_vector_addition import (
    block_sum,
    bounds_guard,
    c_dot_product,
    c_memory,
    c_slide,
    convolution,
    global_index,
    grid_size,
    grid_stride,
    hadamard,
)

EXERCISES: tuple[Exercise, ...] = tuple(
    module.EXERCISE
    for module in (
        global_index,
        bounds_guard,
        grid_size,
        grid_stride,
        hadamard,
        block_sum,
        convolution,
        c_slide,
        c_memory,
        c_dot_product,
    )
)
"""Every exercise of the assignment."""
