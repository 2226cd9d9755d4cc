"""Check of `mas`: MAS, the sensitivity of the squared norm of the outputs."""

from torch import nn

from lifelong.checks.expect import Names, expect_importance, known, untouched
from lifelong.checks.importances import DROPOUT, expect_double, made
from lifelong.checks.models import examples, linear

MAS = "MAS().importance(model, batches)"


def check(names: Names) -> str:
    """`MAS.importance` on one Linear layer, in one batch and in two."""
    method = made(names, "MAS", "mas")
    together = [examples([[1.0, 1.0], [1.0, -1.0]], [0, 1])]
    apart = [examples([[1.0, 1.0]], [0]), examples([[1.0, -1.0]], [0])]
    uneven = [examples([[1.0, 1.0]] * 20 + [[1.0, -1.0]] * 20, [0] * 40), examples([[1.0, 1.0]] * 20, [0] * 20)]
    model = nn.Sequential(linear([[1.0, 0.0], [0.0, 3.0]], [0.0, 1.0]))
    story = "With model = Linear(2, 2), W = [[1, 0], [0, 3]], b = [0, 1], and inputs (1, 1) and (1, −1)"
    for batches, how in ((together, "in one batch"), (apart, "in two batches")):
        with untouched(model, batches, MAS):
            got = method.importance(model, batches)
        right = {"0.weight": [[2.0, 2.0], [6.0, 6.0]], "0.bias": [2.0, 6.0]}
        expect_importance(got, model, right, MAS, f"{story} {how}", known("mas", "one_layer"))
    right = {"0.weight": [[2.0, 2.0], [20 / 3, 20 / 3]], "0.bias": [2.0, 20 / 3]}
    story += ", 20 times each, then (1, 1) as often again, in batches of 40 and 20"
    mistakes = known("mas", "uneven_batches")
    expect_importance(method.importance(model, uneven), model, right, MAS, story, mistakes)
    model = nn.Sequential(nn.Dropout(0.5), linear([[1.0, 0.0], [0.0, 3.0]], [0.0, 1.0]))
    got, story = method.importance(model, together), "With Dropout before the same layer"
    expect_importance(got, model, {"1.weight": [[2.0, 2.0], [6.0, 6.0]]}, MAS, story, DROPOUT)
    model = nn.Sequential(linear([[1.0]], [0.0]), linear([[1.0], [1.0]], [0.0, -3.0]))
    got, right = method.importance(model, [examples([[1.0]], [0])]), {"1.weight": [[2.0], [4.0]], "0.weight": [[2.0]]}
    story = "With Linear(1, 1), Linear(1, 2), whose outputs for the input 1 are 1 and −2"
    expect_importance(got, model, right, MAS, story, known("mas", "two_layers"))
    expect_double(MAS, method.importance)
    return "the mean of |∂‖f(x)‖²/∂θ| over the examples, for any batch size, and the model is left as it was."
