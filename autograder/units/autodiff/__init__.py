"""autodiff, derivatives by program: its exercises in the notebook's order.

Every exercise that could be answered with ``torch.autograd`` is judged on numbers of 50 digits, which torch cannot
hold: a derivative that comes from torch has 16 right digits and earns nothing, whatever way led to it.
"""

from __future__ import annotations

from autograder.exercise import Exercise
from autograder.units.autodiff import (
    backward_pass,
    dot_product_test,
    dual_numbers,
    hessian_vector,
    log_softmax_nll,
    nested_derivatives,
    scalar_tape,
    tensor_tape,
    train_on_tape,
    unbroadcast,
    wengert_list,
)

EXERCISES: tuple[Exercise, ...] = tuple(
    module.EXERCISE
    for module in (
        wengert_list,
        dual_numbers,
        nested_derivatives,
        backward_pass,
        scalar_tape,
        hessian_vector,
        unbroadcast,
        tensor_tape,
        dot_product_test,
        log_softmax_nll,
        train_on_tape,
    )
)
"""Every exercise of the assignment."""
