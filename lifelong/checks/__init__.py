"""Public checks: `check("ewc")` tells a student within a second what an exercise does not do yet.

They hold hand-derived examples, never an implementation of an answer; the marks come from other inputs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from typing import Any

import torch

from lifelong.checks import (
    autodiff,
    autodiff_arrays,
    basics,
    cuda,
    cuda_c,
    differences,
    history,
    history_exchange,
    history_graphs,
    importances,
    paths,
)
from lifelong.checks.failure import CheckFailed, unfinished, unwritten_function
from lifelong.checks.quiz import recorded

__all__ = ["CHECKS", "CheckFailed", "check"]

CHECKS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "wengert_list": autodiff.wengert_list,
    "dual_numbers": autodiff.dual_numbers,
    "nested_derivatives": autodiff.nested_derivatives,
    "backward_pass": autodiff.backward_pass,
    "scalar_tape": autodiff.scalar_tape,
    "hessian_vector": autodiff.hessian_vector,
    "unbroadcast": autodiff_arrays.unbroadcast,
    "tensor_tape": autodiff_arrays.tensor_tape,
    "dot_product_test": autodiff_arrays.dot_product_test,
    "log_softmax_nll": autodiff_arrays.log_softmax_nll,
    "train_on_tape": autodiff_arrays.train_on_tape,
    "permutation": basics.permutation,
    "metrics": basics.metrics,
    "penalty": basics.penalty,
    "ewc": importances.ewc,
    "mas": importances.mas,
    "si": paths.si,
    "rwalk": paths.rwalk,
    "scp": importances.scp,
    **cuda.CHECKS,
    **cuda_c.CHECKS,
    **differences.CHECKS,
    **history.CHECKS,
    **history_graphs.CHECKS,
    **history_exchange.CHECKS,
}
"""By exercise id: a function of the notebook's names that raises CheckFailed, or returns what holds in a few words."""


def check(exercise: str, *, quiet: bool = False) -> None:
    """Try what the notebook defines for an exercise on small examples, and print one line if all is well.

    Args:
        exercise: the id that stands in the exercise's first line, e.g. ``"ewc"`` or ``"quiz-05"``.
        quiet: print nothing if all is well.

    Raises:
        CheckFailed: with what was expected of which input, and what was received.
        NotImplementedError: if the exercise has not been written yet.
        ValueError: if there is no exercise of that id.
    """
    caller = sys._getframe(1)
    names = {**caller.f_globals, **caller.f_locals}
    if re.fullmatch(r"quiz-\d\d", exercise):
        outcome = recorded(names, exercise)
    elif exercise in CHECKS:
        outcome = _tried(names, exercise)
    else:
        raise ValueError(f"There is no exercise {exercise!r}; there are {', '.join(CHECKS)} and quiz-01, quiz-02, …")
    if not quiet:
        print(f"✓ {exercise}: {outcome}")


def _tried(names: Mapping[str, Any], exercise: str) -> str:
    """What holds of an exercise; torch's random numbers go on afterwards as if it had not been tried."""
    state = torch.random.get_rng_state()
    try:
        return CHECKS[exercise](names)
    except NotImplementedError as error:
        raise unfinished(f"{exercise}: `{unwritten_function(error)}` is not written yet.") from None
    finally:
        torch.random.set_rng_state(state)
