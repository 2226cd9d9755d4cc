"""Check of `train_on_tape`: training a small network on the tape."""

import numpy as np

from lifelong.checks.expect import CheckFailed, Known, Names, expect, expect_digits, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """A net of one input, one hidden unit and two classes: one step by hand, and two batches in a row."""
    train = lookup(names, "train", "train_on_tape")
    start = [np.array([[1.0]]), np.array([1.0]), np.array([[0.0, 0.0]]), np.array([0.0, 0.0])]
    kept = [each.copy() for each in start]
    x, labels, log2 = np.array([[1.0], [3.0]]), np.array([1, 0]), 0.6931471805599453
    story = "train([[[1]], [1], [[0, 0]], [0, 0]], x = [[1], [3]], labels = [1, 0], batches = [[0]], rate = 0.5)"
    parameters, losses = train(start, x, labels, [np.array([0])], 0.5)
    # hidden unit 2, logits (0, 0), probabilities ½: the gradient of the logits is (½, −½)
    expect(losses, [log2], f"{story}: the losses")
    uphill = "Uphill: the step is parameter − rate · gradient."
    slips: Known = [([[0.5, -0.5]], uphill), ([0, 0], "The biases take the step too.")]
    stepped = {"W1": [[1]], "b1": [1], "W2": [[-0.5, 0.5]], "b2": [-0.25, 0.25]}
    for (name, right), found in zip(stepped.items(), parameters, strict=True):
        expect(found, right, f"{story}: the new {name}", slips)
    if any(bool(np.any(old != new)) for old, new in zip(kept, start, strict=True)):
        raise CheckFailed("train changed the parameters that it was given; return new arrays.")
    mean: Known = [([[0.5, -0.5]], "Take the gradient of the batch's mean loss, not of the sum.")]
    for rows, by_hand, right, known in (
        ([[0, 1]], [log2], [[0.25, -0.25]], mean),  # hidden units 2 and 4, labels 1 and 0
        ([[0], [0]], [log2, 0.07888973429254956], [[-0.5758581800212436, 0.5758581800212434]], ()),  # logits 2.5 apart
        ([[1]], [log2], [[1, -1]], ()),  # hidden unit 4, label 0
        ([[0, 0, 1]], [log2], [[0, 0]], ()),  # a row that is drawn twice counts twice
        ([[0, 1], [1]], [log2, 0.1269280110429725], [[0.4884058440448236, -0.4884058440448236]], ()),
        ([[0], [0, 1]], [log2, 2.294968739570572], [[0.451083967358785, -0.451083967358785]], ()),
    ):
        parameters, losses = train(start, x, labels, [np.array(each) for each in rows], 0.5)
        call = story.replace("[[0]], rate", f"{rows}, rate")
        expect(parameters[2], right, f"{call}: the new W2", known)
        expect(losses, by_hand, f"{call}: the losses")
    expect(parameters[0], [[0.2772047519782558]], f"{call}: the new W1")
    expect(parameters[1], [0.7717112806629591], f"{call}: the new b1")
    parameters, _ = train([np.array([[-1.0]]), np.array([0.5]), *start[2:]], x, labels, [np.array([0])], 0.5)
    expect(parameters[2], [[0, 0]], "train with W1 = [[-1]] and b1 = [0.5], whose hidden unit is 0: the new W2")
    call = "train with x = [[1999], [3]] and batches = [[0], [0], [1]]"
    steep = np.array([[1999.0], [3.0]])
    parameters, losses = train(start, steep, labels, [np.array(rows) for rows in ([0], [0], [1])], 0.5)
    expect(losses, [log2, 0, 4000.5], f"{call}: the losses")  # of the second batch next to nothing is left
    expect(parameters[0], [[-1499]], f"{call}: the new W1")
    expect(parameters[2], [[-498, 498]], f"{call}: the new W2")
    call = "train with 50-digit numbers: the new W2"
    precise = [np.array(each.tolist(), dtype=object) * Precise(1) for each in start]
    right, seventh = [Precise(-1) / 7, Precise(1) / 7], Precise(1) / 7
    expect_digits(lambda: train(precise, x * Precise(1), labels, [np.array([0])], seventh)[0][2], right, call)
    return "one step agrees with the one by hand, mini-batches take the mean, and steps follow each other."
