"""Expectations on importances that EWC, MAS and SCP share: dropout off, and float64 kept."""

from typing import Any

from torch import nn

from lifelong.checks.expect import Known, expect_params
from lifelong.checks.models import Batches, examples, linear

DROPOUT: Known = [({}, "Was the dropout on? Importance is measured in eval mode (`with evaluating(model): …`).")]


def expect_double(call: str, importance: Any) -> None:
    """A model in float64 has importances in float64."""
    model = nn.Sequential(linear([[1.0, 0.0], [0.0, 3.0]], [0.0, 1.0])).double()
    inputs, labels = examples([[1.0, 1.0], [1.0, -1.0]], [0, 1])
    batches: Batches = [(inputs.double(), labels)]
    expect_params(importance(model, batches), model, call)
