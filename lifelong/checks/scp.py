"""Check of `scp`: SCP, sensitivity along random directions of the output."""

from typing import Any

import torch
from torch import nn

from lifelong.checks.expect import Names, expect_form, expect_importance, expect_params, known, lookup, show, untouched
from lifelong.checks.failure import CheckFailed
from lifelong.checks.importances import DROPOUT, expect_double, made
from lifelong.checks.models import examples, linear

SCP = "SCP().importance(model, batches, directions)"


def check(names: Names) -> str:
    """`sphere` by its geometry, `SCP.importance` with two given directions and with directions of its own."""
    _sphere(lookup(names, "sphere", "scp"))
    method = made(names, "SCP", "scp")
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
        right = {"0.bias": [0.68, 0.32], "0.weight": [[0.68, 0.0], [0.32, 0.0]]}
        expect_importance(got, model, right, SCP, f"{story}, {how}", known("scp", "one_layer"))
    uneven = [examples([[1.0, 1.0], [1.0, -1.0]], [0, 1]), examples([[1.0, 1.0]], [0])]
    got, right = method.importance(model, uneven, directions), {"0.weight": [[0.68, 0.68 / 9], [0.32, 0.32 / 9]]}
    mistakes = known("scp", "uneven_batches")
    expect_importance(got, model, right, SCP, f"{story}, then (1, 1) again in a batch of its own", mistakes)
    got, right = method.importance(model, batches, 2 * directions), {"0.bias": [2.72, 1.28]}
    expect_importance(got, model, right, SCP, f"{story}, both twice as long", known("scp", "longer_directions"))
    dropping = nn.Sequential(*model, nn.Dropout(0.9))
    got, right = method.importance(dropping, batches, directions), {"0.bias": [0.68, 0.32]}
    expect_importance(got, dropping, right, SCP, f"{story}, and a Dropout behind the Linear", DROPOUT)
    _expect_one_slice(method)
    method.slices = 3
    got = expect_params(method.importance(model, batches), model, "SCP().importance(model, batches)")
    total = float(got["0.bias"].sum())
    if abs(total - 1) > 1e-3:
        message = f"With slices = 3 directions of its own, the importances of the last layer's bias should add up to 1 (each direction has length 1), but add up to {total:.4g}."
        raise CheckFailed(message)
    expect_double(SCP, lambda m, b: method.importance(m, b, directions.double()))
    return "directions on the unit sphere, and the mean over them of squared gradients of the sliced mean output."


def _expect_one_slice(method: Any) -> None:
    """Both outputs are the hidden unit h: with a single ξ, Ω of its bias is (ξ₀ + ξ₁)². Another call has another ξ."""
    model, method.slices = nn.Sequential(linear([[1.0]], [0.0]), linear([[1.0], [1.0]], [0.0, 0.0])), 1
    batches = [examples([[1.0]], [0])]
    got, other = method.importance(model, batches), method.importance(model, batches)
    if torch.equal(got["1.bias"], other["1.bias"]):
        raise CheckFailed("Without given directions, every call of importance should draw new ones.")
    squares = got["1.bias"].clamp(min=0)
    if abs(abs(float(got["0.bias"]) - float(squares.sum())) - 2 * float(squares.prod().sqrt())) > 1e-3:
        raise CheckFailed("With slices = 1, Ω should be that of one direction: is self.slices used?")


def _sphere(sphere: Any) -> None:
    """Shape, length, reproducibility, and that no direction is favoured."""
    call = "sphere(5, 3)"
    got = sphere(5, 3)
    expect_form(got, (5, 3), call)
    lengths = got.norm(dim=1)
    if float((lengths - 1).abs().max()) > 1e-4:
        across = float((got.norm(dim=0) - 1).abs().max()) < 1e-4
        hint = " Its columns have: normalise over dim=1." if across else ""
        raise CheckFailed(f"Every row of {call} should have length 1, but they have {show(lengths)}.{hint}")
    if not torch.equal(*[sphere(4, 3, torch.Generator().manual_seed(0)) for _ in range(2)]):
        raise CheckFailed("sphere(4, 3, generator) should be the same for the same generator seed: draw from it.")
    generator = torch.Generator().manual_seed(0)
    if torch.equal(sphere(4, 3, generator), sphere(4, 3, generator)):
        raise CheckFailed(
            "sphere(4, 3, generator), called twice with one generator, should draw anew: use it as it is."
        )
    if torch.equal(sphere(4, 3), sphere(4, 3)):
        raise CheckFailed("sphere(4, 3), without a generator, should draw anew in each call: leave torch's seed alone.")
    many = sphere(20_000, 5, torch.Generator().manual_seed(0))
    if float(many.mean(dim=0).abs().max()) > 0.03:
        message = f"20,000 directions should average to about 0 in every entry, but average to {show(many.mean(dim=0))}: some sides of the sphere are never drawn. Draw from a normal distribution."
        raise CheckFailed(message)
    if float(((many**4).mean(dim=0) * 35 / 3 - 1).abs().max()) > 0.1:  # on a sphere it is 3 / (K (K + 2))
        message = "The directions crowd towards some sides of the sphere, as when points of a cube are normalised. Draw from a normal distribution: it looks the same from every side."
        raise CheckFailed(message)
