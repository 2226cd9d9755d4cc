"""Check of `ewc`: EWC, the diagonal of the empirical Fisher information."""

from collections.abc import Iterator
from math import log
from typing import Any

from torch import nn

from lifelong.checks.expect import Known, Names, expect_importance, untouched
from lifelong.checks.importances import DROPOUT, expect_double, made
from lifelong.checks.models import Batches, examples, linear

EWC = "EWC().importance(model, batches)"


def check(names: Names) -> str:
    """`EWC.importance` on networks so small that the right numbers are known, each left as it was."""
    method = made(names, "EWC", "ewc")
    for story, model, batches, right, known in _examples():
        with untouched(model, batches, EWC):
            got = method.importance(model, batches)
        expect_importance(got, model, right, EWC, story, known)
    expect_double(EWC, method.importance)
    return "the mean of squared per-example gradients, for any batch size, and the model is left as it was."


_SQUARED_MEAN = (
    "That is the square of the batch's mean gradient: square each example's gradient first, then average the squares."
)


def _examples() -> Iterator[tuple[str, nn.Module, Batches, dict[str, Any], Known]]:
    """An example in words, its model and batches, the right importances and the wrong ones that betray a mistake."""
    # every class has probability ⅓, so δ = (−⅔, ⅓, ⅓)
    model: nn.Sequential = nn.Sequential(linear([[0.0], [0.0], [0.0]], [0.0, 0.0, 0.0]))
    right: dict[str, Any] = {"0.weight": [[10 / 9], [5 / 18], [5 / 18]], "0.bias": [4 / 9, 1 / 9, 1 / 9]}
    known: Known = [
        ({"0.weight": [[1.0], [0.25], [0.25]]}, _SQUARED_MEAN),
        ({"0.weight": [[4.0], [1.0], [1.0]]}, "That is the square of the summed gradient: square each one first."),
        ({"0.bias": [8 / 9, 2 / 9, 2 / 9]}, "That is the sum over the examples: divide by their number N."),
        ({"0.bias": [10 / 9, 5 / 18, 5 / 18]}, "The first gradient is still in the second: start each from zero."),
        ({"0.weight": [[5 / 9]] * 3}, "That is the Fisher with labels drawn from the model: use the data set's."),
        ({"0.weight": [[1.0], [0.5], [0.5]]}, "That is the mean of |g|: square each example's gradient instead."),
        ({"0.weight": [[10 / 81], [5 / 162], [5 / 162]]}, "That is the gradient of −p instead of −log p: take logits."),
        ({"0.weight": [[5 / 9], [5 / 36], [5 / 36]]}, "That is half of it: divide by the number of examples N, once."),
    ]
    story = "With model = Linear(1, 3) at zero, and one batch of inputs 1 and 2, both labelled 0"
    yield story, model, [examples([[1.0], [2.0]], [0, 0])], right, known
    # the mean is over examples, not over batches
    right = {"0.weight": [[56 / 27], [14 / 27], [14 / 27]], "0.bias": [4 / 9, 1 / 9, 1 / 9]}
    mean_of_means = "That is the mean of the batches' means; the smaller batch counts too much. Divide by N at the end."
    known = [
        ({"0.weight": [[23 / 9], [23 / 36], [23 / 36]]}, mean_of_means),
        ({"0.weight": [[4.0], [1.0], [1.0]]}, "Only the last batch is in it: add up over the batches."),
        ({"0.weight": [[28 / 9], [7 / 9], [7 / 9]]}, "That divides by the number of batches: divide by N."),
    ]
    story = "With model = Linear(1, 3) at zero, and inputs 1, 2, 3, labelled 0, in batches of two and one"
    yield story, model, [examples([[1.0], [2.0]], [0, 0]), examples([[3.0]], [0])], right, known
    # two gradients that cancel: their squares do not
    model = nn.Sequential(linear([[0.0], [0.0]], [0.0, 0.0]))
    right, known = {"0.weight": [[0.25], [0.25]], "0.bias": [0.25, 0.25]}, [({"0.weight": [[0.0]] * 2}, _SQUARED_MEAN)]
    story = "With model = Linear(1, 2) at zero, and one batch of inputs 1 and 1, labelled 0 and 1"
    yield story, model, [examples([[1.0], [1.0]], [0, 1])], right, known
    # the label is the class that the model finds less probable
    model = nn.Sequential(nn.Dropout(0.5), linear([[0.0], [0.0]], [0.0, log(3.0)]))
    batches = [examples([[1.0]] * 8, [0] * 8)]
    known = [
        ({"1.bias": [1 / 16, 1 / 16]}, "That is for the class that is predicted: use the data set's label."),
        ({"1.bias": [3 / 16, 3 / 16]}, "That is for labels drawn from the model: use the data set's label."),
    ]
    story = "With Dropout before a Linear(1, 2) whose probabilities are ¼ and ¾, and examples labelled 0"
    yield story, model, batches, {"1.bias": [9 / 16, 9 / 16]}, known
    story = "With Dropout in the model and all inputs 1"
    yield story, model, batches, {"1.weight": [[9 / 16], [9 / 16]]}, DROPOUT
    # a ReLU that one of two examples does not pass
    model = nn.Sequential(linear([[1.0]], [0.0]), nn.ReLU(), linear([[0.0], [log(3.0)]], [0.0, 0.0]))
    through = (0.75 * log(3.0)) ** 2 / 2
    right = {"0.weight": [[through]], "0.bias": [through], "2.weight": [[9 / 32]] * 2, "2.bias": [13 / 32] * 2}
    yield "With Linear(1, 1), ReLU, Linear(1, 2)", model, [examples([[1.0], [-1.0]], [0, 0])], right, ()
