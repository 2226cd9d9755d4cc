"""Checks of the importances that are measured at a task's end: EWC, MAS, SCP (methods and numbers worked by hand)."""

from __future__ import annotations

from collections.abc import Mapping
from math import log
from typing import Any

import torch
from torch import Tensor, nn

from lifelong.checks.expect import Known, expect_importance, expect_params, lookup, show, untouched
from lifelong.checks.failure import CheckFailed
from lifelong.checks.models import Batches, examples, linear

Names = Mapping[str, Any]

EWC = "EWC().importance(model, batches)"
MAS = "MAS().importance(model, batches)"
SCP = "SCP().importance(model, batches, directions)"


def ewc(names: Names) -> str:
    """`EWC.importance` where every class is as probable as the next, in uneven batches, and in a small deep network."""
    method = lookup(names, "EWC", "ewc")()
    _fisher_of_one_layer(method)
    _fisher_of_opposite_gradients(method)
    _fisher_in_uneven_batches(method)
    _fisher_of_the_given_label(method)
    _fisher_of_two_layers(method)
    _expect_dtype(EWC, method.importance)
    return "the mean of squared per-example gradients, for any batch size, and the model is left as it was."


def _fisher_of_one_layer(method: Any) -> None:
    """Linear(1, 3) at zero: every class has probability ⅓, so δ = (−⅔, ⅓, ⅓)."""
    model = nn.Sequential(linear([[0.0], [0.0], [0.0]], [0.0, 0.0, 0.0]))
    batches = [examples([[1.0], [2.0]], [0, 0])]
    with untouched(model, batches, EWC):
        got = method.importance(model, batches)
    expect_importance(
        got,
        model,
        {"0.weight": [[10 / 9], [5 / 18], [5 / 18]], "0.bias": [4 / 9, 1 / 9, 1 / 9]},
        EWC,
        "With model = Linear(1, 3) at zero, and one batch of inputs 1 and 2, both labelled 0",
        [
            ({"0.weight": [[1.0], [0.25], [0.25]]}, _SQUARED_MEAN),
            (
                {"0.weight": [[4.0], [1.0], [1.0]]},
                "That is the square of the summed gradient: square each example's gradient first, then average.",
            ),
            (
                {"0.weight": [[20 / 9], [5 / 9], [5 / 9]], "0.bias": [8 / 9, 2 / 9, 2 / 9]},
                "That is the sum over the examples: divide by their number N.",
            ),
            (
                {"0.weight": [[20 / 9], [5 / 9], [5 / 9]], "0.bias": [10 / 9, 5 / 18, 5 / 18]},
                "The first example's gradient is still in the second's: start each example from zero.",
            ),
            (
                {"0.weight": [[5 / 9]] * 3, "0.bias": [2 / 9] * 3},
                "That is the Fisher with labels drawn from the model: use the label from the data set.",
            ),
            ({"0.weight": [[1.0], [0.5], [0.5]]}, "That is the mean of |g|: square each example's gradient instead."),
            (
                {"0.weight": [[10 / 81], [5 / 162], [5 / 162]]},
                "That is the gradient of −p instead of −log p: cross_entropy takes the logits themselves.",
            ),
            (
                {"0.weight": [[5 / 9], [5 / 36], [5 / 36]]},
                "That is half of it: divide by the number of examples N, once.",
            ),
        ],
    )


_SQUARED_MEAN = (
    "That is the square of the batch's mean gradient: square each example's gradient first, then average the squares."
)


def _fisher_of_opposite_gradients(method: Any) -> None:
    """Two examples whose gradients cancel: their squares do not."""
    model = nn.Sequential(linear([[0.0], [0.0]], [0.0, 0.0]))
    got = method.importance(model, [examples([[1.0], [1.0]], [0, 1])])
    expect_importance(
        got,
        model,
        {"0.weight": [[0.25], [0.25]], "0.bias": [0.25, 0.25]},
        EWC,
        "With model = Linear(1, 2) at zero, and one batch of inputs 1 and 1, labelled 0 and 1",
        [({"0.weight": [[0.0], [0.0]]}, _SQUARED_MEAN)],
    )


def _fisher_in_uneven_batches(method: Any) -> None:
    """Three examples in a batch of two and one of one: the mean is over examples, not over batches."""
    model = nn.Sequential(linear([[0.0], [0.0], [0.0]], [0.0, 0.0, 0.0]))
    batches = [examples([[1.0], [2.0]], [0, 0]), examples([[3.0]], [0])]
    expect_importance(
        method.importance(model, batches),
        model,
        {"0.weight": [[56 / 27], [14 / 27], [14 / 27]], "0.bias": [4 / 9, 1 / 9, 1 / 9]},
        EWC,
        "With model = Linear(1, 3) at zero, and inputs 1, 2, 3, labelled 0, in batches of two and one",
        [
            (
                {"0.weight": [[23 / 9], [23 / 36], [23 / 36]]},
                "That is the mean of the batches' means; the smaller batch counts too much. Divide by N at the end.",
            ),
            ({"0.weight": [[4.0], [1.0], [1.0]]}, "Only the last batch is in it: add up over the batches."),
            ({"0.weight": [[28 / 9], [7 / 9], [7 / 9]]}, "That divides by the number of batches: divide by N."),
        ],
    )


def _fisher_of_the_given_label(method: Any) -> None:
    """The label is the class that the model finds less probable: p = (¼, ¾), label 0; dropout must be off."""
    model = nn.Sequential(nn.Dropout(0.5), linear([[0.0], [0.0]], [0.0, log(3.0)]))
    batches = [examples([[1.0]] * 8, [0] * 8)]
    with untouched(model, batches, EWC):
        got = method.importance(model, batches)
    expect_importance(
        got,
        model,
        {"1.bias": [9 / 16, 9 / 16]},
        EWC,
        "With Dropout before a Linear(1, 2) whose probabilities are ¼ and ¾, and examples labelled 0",
        [
            ({"1.bias": [1 / 16, 1 / 16]}, "That is for the class that is predicted: use the data set's label."),
            ({"1.bias": [3 / 16, 3 / 16]}, "That is for labels drawn from the model: use the data set's label."),
        ],
    )
    expect_importance(
        got, model, {"1.weight": [[9 / 16], [9 / 16]]}, EWC, "With Dropout in the model and all inputs 1", _DROPOUT
    )


_DROPOUT: Known = [({}, "Was the dropout on? Importance is measured in eval mode (`with evaluating(model): …`).")]


def _fisher_of_two_layers(method: Any) -> None:
    """A ReLU that one of two examples does not pass; the first bias is frozen and has importance 0."""
    model = nn.Sequential(linear([[1.0]], [0.0]), nn.ReLU(), linear([[0.0], [log(3.0)]], [0.0, 0.0]))
    model[0].bias.requires_grad_(False)
    through = (0.75 * log(3.0)) ** 2 / 2
    expect_importance(
        method.importance(model, [examples([[1.0], [-1.0]], [0, 0])]),
        model,
        {"0.weight": [[through]], "0.bias": [0.0], "2.weight": [[9 / 32], [9 / 32]], "2.bias": [13 / 32, 13 / 32]},
        EWC,
        "With Linear(1, 1), ReLU, Linear(1, 2), the first bias frozen",
    )


def mas(names: Names) -> str:
    """`MAS.importance` on one Linear layer, in one batch and in two."""
    method = lookup(names, "MAS", "mas")()
    together = [examples([[1.0, 1.0], [1.0, -1.0]], [0, 1])]
    apart = [examples([[1.0, 1.0]], [0]), examples([[1.0, -1.0]], [0])]
    uneven = [examples([[1.0, 1.0], [1.0, -1.0]], [0, 0]), examples([[1.0, 1.0]], [0])]
    model = nn.Sequential(linear([[1.0, 0.0], [0.0, 3.0]], [0.0, 1.0]))
    story = "With model = Linear(2, 2), W = [[1, 0], [0, 3]], b = [0, 1], and inputs (1, 1) and (1, −1)"
    for batches, how in ((together, "in one batch"), (apart, "in two batches")):
        with untouched(model, batches, MAS):
            got = method.importance(model, batches)
        expect_importance(
            got, model, {"0.weight": [[2.0, 2.0], [6.0, 6.0]], "0.bias": [2.0, 6.0]}, MAS, f"{story} {how}", _MAS_KNOWN
        )
    expect_importance(
        method.importance(model, uneven),
        model,
        {"0.weight": [[2.0, 2.0], [20 / 3, 20 / 3]], "0.bias": [2.0, 20 / 3]},
        MAS,
        f"{story}, then (1, 1) again, in batches of two and one",
        [({"0.bias": [2.0, 7.0]}, "That is the mean of the batches' means: divide by N at the end.")],
    )
    model = nn.Sequential(nn.Dropout(0.5), linear([[1.0, 0.0], [0.0, 3.0]], [0.0, 1.0]))
    expect_importance(
        method.importance(model, together),
        model,
        {"1.weight": [[2.0, 2.0], [6.0, 6.0]]},
        MAS,
        "With Dropout before the same layer",
        _DROPOUT,
    )
    _expect_dtype(MAS, method.importance)
    return "the mean of |∂‖f(x)‖²/∂θ| over the examples, for any batch size, and the model is left as it was."


_MAS_KNOWN: Known = [
    (
        {"0.weight": [[2.0, 0.0], [2.0, 6.0]]},
        "That is the absolute value of the batch's mean gradient: take |·| of each example's gradient, then average.",
    ),
    (
        {"0.weight": [[4.0, 4.0], [40.0, 40.0]]},
        "That averages squares: MAS takes the absolute value of each example's gradient.",
    ),
    (
        {"0.weight": [[0.344876, 0.344876], [0.932287, 0.932287]]},
        "That is the gradient of the norm: take the squared norm, the sum of the squared outputs.",
    ),
    ({"0.weight": [[4.0, 4.0], [12.0, 12.0]]}, "That is the sum over the examples: divide by their number N."),
    (
        {"0.weight": [[1.0, 1.0], [3.0, 3.0]]},
        "That is half of it: the squared norm is the sum over the outputs, not their mean, and N divides once.",
    ),
    (
        {"0.weight": [[1.0, 1.0], [1.0, 1.0]]},
        "That is the gradient of the outputs' sum: take the sum of their squares.",
    ),
]


def scp(names: Names) -> str:
    """`sphere` by its geometry, `SCP.importance` with two given directions and with directions of its own."""
    _sphere(lookup(names, "sphere", "scp"))
    method = lookup(names, "SCP", "scp")()
    model = nn.Sequential(linear([[1.0, 0.0], [0.0, 3.0]], [0.0, 1.0]))
    directions = torch.tensor([[1.0, 0.0], [0.6, 0.8]])
    story = "With model = Linear(2, 2), W = [[1, 0], [0, 3]], b = [0, 1], inputs (1, 1) and (1, −1), and the directions (1, 0) and (0.6, 0.8)"
    for batches in (
        [examples([[1.0, 1.0], [1.0, -1.0]], [0, 1])],
        [examples([[1.0, 1.0]], [0]), examples([[1.0, -1.0]], [0])],
    ):
        how = "in one batch" if len(batches) == 1 else "in two batches"
        with untouched(model, batches, SCP):
            got = method.importance(model, batches, directions)
        if directions.tolist() != torch.tensor([[1.0, 0.0], [0.6, 0.8]]).tolist():
            raise CheckFailed(f"{SCP} changed the directions it was given.")
        expect_importance(
            got,
            model,
            {"0.bias": [0.68, 0.32], "0.weight": [[0.68, 0.0], [0.32, 0.0]]},
            SCP,
            f"{story}, {how}",
            _SCP_KNOWN,
        )
    method.slices = 3
    call = "SCP().importance(model, batches)"
    got = expect_params(method.importance(model, batches), model, call)
    total = float(got["0.bias"].sum())
    if abs(total - 1) > 1e-3:
        raise CheckFailed(
            f"With slices = 3 directions of its own, the importances of the last layer's bias should add up to 1 (each direction has length 1), but add up to {total:.4g}."
        )
    _expect_dtype(SCP, lambda m, b: method.importance(m, b, directions.double()))
    return "directions on the unit sphere, and the mean over them of squared gradients of the sliced mean output."


_SCP_KNOWN: Known = [
    (
        {"0.bias": [0.8, 0.4]},
        "That takes |·|, or averages the L scalars before one backward: square each slice's gradient, then average.",
    ),
    (
        {"0.bias": [0.64, 0.16]},
        "That averages the L scalars before one backward: square each slice's own gradient, then average.",
    ),
    ({"0.bias": [1.36, 0.64]}, "That is the sum over the slices: divide by their number L."),
    (
        {"0.bias": [0.68, 0.32], "0.weight": [[0.68, 0.68], [0.32, 0.32]]},
        "That squares gradients of single examples or batches: φ̄ is one mean over all N examples.",
    ),
    ({"0.bias": [2.72, 1.28]}, "That differentiates the sum of the outputs: φ̄ is their mean, over all N examples."),
]


def _sphere(sphere: Any) -> None:
    """Shape, length, reproducibility, and that no direction is favoured."""
    call = "sphere(5, 3)"
    got = sphere(5, 3)
    if not isinstance(got, Tensor):
        raise CheckFailed(f"{call} should be a tensor, but is of type {type(got).__name__}.")
    if list(got.shape) != [5, 3]:
        raise CheckFailed(f"{call} should have shape [5, 3], one direction a row, but has {list(got.shape)}.")
    if got.dtype != torch.float32:
        raise CheckFailed(f"{call} should have dtype float32, but has {str(got.dtype).removeprefix('torch.')}.")
    lengths = got.norm(dim=1)
    if float((lengths - 1).abs().max()) > 1e-4:
        across = float((got.norm(dim=0) - 1).abs().max()) < 1e-4
        hint = " Its columns have: normalise over dim=1." if across else ""
        raise CheckFailed(f"Every row of {call} should have length 1, but they have {show(lengths)}.{hint}")
    twice = [sphere(4, 3, torch.Generator().manual_seed(0)) for _ in range(2)]
    if not torch.equal(*twice):
        raise CheckFailed("sphere(4, 3, generator) should be the same for the same generator seed: draw from it.")
    many = sphere(20_000, 2, torch.Generator().manual_seed(0))
    if float(many.mean(dim=0).abs().max()) > 0.05:
        raise CheckFailed(
            f"20,000 directions should average to about (0, 0), but average to {show(many.mean(dim=0))}: some sides of the sphere are never drawn. Draw from a normal distribution."
        )
    if abs(float((many**4).mean()) - 0.375) > 0.008:
        raise CheckFailed(
            "The directions crowd towards some sides of the sphere, as when points of a cube are normalised. Draw from a normal distribution: it looks the same from every side."
        )


def _expect_dtype(call: str, importance: Any) -> None:
    """A model in float64 has importances in float64."""
    model = nn.Sequential(linear([[1.0, 0.0], [0.0, 3.0]], [0.0, 1.0])).double()
    inputs, labels = examples([[1.0, 1.0], [1.0, -1.0]], [0, 1])
    batches: Batches = [(inputs.double(), labels)]
    expect_params(importance(model, batches), model, call)
