"""Expectations that the five methods share: the base's constructor called, dropout off, and float64 kept."""

from typing import Any

from torch import nn

from lifelong.checks.expect import CheckFailed, Known, Names, expect_params, lookup, untouched
from lifelong.checks.models import Batches, examples, linear

DROPOUT: Known = [({}, "Was the dropout on? Importance is measured in eval mode (`with evaluating(model): …`).")]


def made(names: Names, name: str, exercise: str) -> Any:
    """A new method of the student's, which has called the constructor of its base."""
    method = lookup(names, name, exercise)()
    if not hasattr(method, "omega"):
        raise CheckFailed(f"A new {name}() has no `omega`: its `__init__` should begin with `super().__init__()`.")
    return method


def expect_double(call: str, importance: Any) -> None:
    """A model in float64 has importances in float64, and one in eval mode is left in it."""
    model = nn.Sequential(linear([[1.0, 0.0], [0.0, 3.0]], [0.0, 1.0])).double().eval()
    inputs, labels = examples([[1.0, 1.0], [1.0, -1.0]], [0, 1])
    batches: Batches = [(inputs.double(), labels)]
    with untouched(model, batches, call):
        got = importance(model, batches)
    expect_params(got, model, call)
