"""Check of `ewc`: EWC, the diagonal of the empirical Fisher information."""

from collections.abc import Iterator
from math import log
from typing import Any

from torch import nn

from lifelong.checks.expect import Known, Names, expect_importance, known, untouched
from lifelong.checks.importances import DROPOUT, expect_double, made
from lifelong.checks.models import Batches, examples, linear

EWC = "EWC().importance(model, batches)"


def check(names: Names) -> str:
    """`EWC.importance` on networks so small that the right numbers are known, each left as it was."""
    method = made(names, "EWC", "ewc")
    for story, model, batches, right, mistakes in _examples():
        with untouched(model, batches, EWC):
            got = method.importance(model, batches)
        expect_importance(got, model, right, EWC, story, mistakes)
    expect_double(EWC, method.importance)
    return "the mean of squared per-example gradients, for any batch size, and the model is left as it was."


def _examples() -> Iterator[tuple[str, nn.Module, Batches, dict[str, Any], Known]]:
    """An example in words, its model and batches, the right importances and the wrong ones that betray a mistake."""
    # every class has probability ⅓, so δ = (−⅔, ⅓, ⅓)
    model: nn.Sequential = nn.Sequential(linear([[0.0], [0.0], [0.0]], [0.0, 0.0, 0.0]))
    right: dict[str, Any] = {"0.weight": [[10 / 9], [5 / 18], [5 / 18]], "0.bias": [4 / 9, 1 / 9, 1 / 9]}
    story = "With model = Linear(1, 3) at zero, and one batch of inputs 1 and 2, both labelled 0"
    yield story, model, [examples([[1.0], [2.0]], [0, 0])], right, known("ewc", "one_batch")
    # the mean is over examples, not over batches
    right = {"0.weight": [[56 / 27], [14 / 27], [14 / 27]], "0.bias": [4 / 9, 1 / 9, 1 / 9]}
    story = "With model = Linear(1, 3) at zero, and inputs 1, 2, 3, labelled 0, in batches of two and one"
    batches = [examples([[1.0], [2.0]], [0, 0]), examples([[3.0]], [0])]
    yield story, model, batches, right, known("ewc", "uneven_batches")
    # two gradients that cancel: their squares do not
    model = nn.Sequential(linear([[0.0], [0.0]], [0.0, 0.0]))
    right = {"0.weight": [[0.25], [0.25]], "0.bias": [0.25, 0.25]}
    story = "With model = Linear(1, 2) at zero, and one batch of inputs 1 and 1, labelled 0 and 1"
    yield story, model, [examples([[1.0], [1.0]], [0, 1])], right, known("ewc", "cancelling")
    # the label is the class that the model finds less probable
    model = nn.Sequential(nn.Dropout(0.5), linear([[0.0], [0.0]], [0.0, log(3.0)]))
    batches = [examples([[1.0]] * 7, [0] * 7)]  # of eight, train mode might be right by chance
    story = "With Dropout before a Linear(1, 2) whose probabilities are ¼ and ¾, and examples labelled 0"
    yield story, model, batches, {"1.bias": [9 / 16, 9 / 16]}, known("ewc", "dropout")
    story = "With Dropout in the model and all inputs 1"
    yield story, model, batches, {"1.weight": [[9 / 16], [9 / 16]]}, DROPOUT
    # a ReLU that one of two examples does not pass, in a batch of more than `example_gradients` takes at once
    model = nn.Sequential(linear([[1.0]], [0.0]), nn.ReLU(), linear([[0.0], [log(3.0)]], [0.0, 0.0]))
    through = (0.75 * log(3.0)) ** 2 / 2
    right = {"0.weight": [[through]], "0.bias": [through], "2.weight": [[9 / 32]] * 2, "2.bias": [13 / 32] * 2}
    batches = [examples([[1.0]] * 32 + [[-1.0]] * 32, [0] * 64)]
    yield "With Linear(1, 1), ReLU, Linear(1, 2)", model, batches, right, ()
