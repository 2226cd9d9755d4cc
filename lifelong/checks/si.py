"""Check of `si`: SI, the path integral of the gradients along the steps."""

from lifelong.checks.expect import Names
from lifelong.checks.importances import made
from lifelong.checks.walks import expect_walks


def check(names: Names) -> str:
    """`SI` over two steps downhill, with one uphill, with a loss that rose, and over two tasks."""
    expect_walks(type(made(names, "SI", "si")), "si")
    return "the path integral from the real steps, clamped once, started afresh with every task."
