"""Judge directions: whether rows are uniform on the unit sphere, and what they made of an importance."""

from itertools import product

import numpy as np

from autograder.judging import Difference, Mistakes, Slip, Tree, compare

from .importance import View, arrays

SIGMAS = 6.5
"""How far a mean may be from its expectation: by chance once in 10¹⁰ submissions."""

ALIKE = "Without a generator your directions are the same in every call: hand None on to torch.randn, which then draws from torch's own."

SLICES, DIMENSIONS = 2000, 3
"""Of the many directions whose distribution is tested; the averages of the known mistakes hold for these."""


def malformed(inputs: Tree, outputs: Tree) -> str | Slip | None:
    """Shape, dtype and lengths of many and of few directions."""
    asked = inputs["sphere"]
    for key, count in (("directions", asked["slices"]), ("seeded", asked["few"])):
        rows = outputs.get(key)
        if not isinstance(rows, np.ndarray) or rows.dtype.kind != "f":
            return "sphere should return a tensor of floats."
        if rows.shape != (count, asked["dimensions"]):
            return f"sphere({count}, {asked['dimensions']}) has the shape {list(rows.shape)}."
        if not np.isfinite(rows).all():
            return "the directions hold NaN or infinity."
        if float(np.abs(np.linalg.norm(rows.astype(np.float64), axis=1) - 1).max()) > 1e-4:
            return Slip("not-unit", "not every direction (a row) has the length 1.")
        if not np.ptp(rows, axis=0).any():
            return Slip("same-direction", "all directions are the same.")
    return None


def not_uniform(inputs: Tree, outputs: Tree) -> str | None:
    """First, second and fourth moments, each against its expectation on the sphere."""
    rows = np.asarray(outputs["directions"], dtype=np.float64)
    count, size = rows.shape
    if size != DIMENSIONS or not np.isfinite(rows).all() or count < inputs["sphere"]["slices"]:
        return "the directions do not have the form that was asked for."
    second, fourth = 1 / size, 3 / (size * (size + 2))
    if float(np.abs(rows.mean(axis=0)).max()) > SIGMAS * np.sqrt(second / count):
        return "the directions lean to one side: their mean should be near 0."
    moments = rows.T @ rows / count
    bound = np.full((size, size), np.sqrt(fourth / 3))
    np.fill_diagonal(bound, np.sqrt(fourth - second**2))
    if bool((np.abs(moments - second * np.eye(size)) > SIGMAS * bound / np.sqrt(count)).any()):
        return "some axes are favoured: every axis should have the same share, and no two be correlated."
    tail = size * (size + 2) * (size + 4) * (size + 6)
    variance = (105 * size + 9 * size * (size - 1)) / tail - (size * fourth) ** 2
    if abs(float((rows**4).sum(axis=1).mean()) - size * fourth) > SIGMAS * np.sqrt(variance / count):
        return "corners or axes are favoured: all directions should be equally likely."
    if float(np.abs((rows[1:] * rows[:-1]).sum(axis=1).mean())) > SIGMAS * np.sqrt(second / count):
        return "one direction depends on the one before."
    return None


def ignores_generator(inputs: Tree, outputs: Tree) -> Slip | None:
    """A seed decides the directions, and another seed gives others, as does a second call with one generator or without."""
    first, again, other = (outputs[key] for key in ("seeded", "seeded again", "seeded otherwise"))
    if not np.array_equal(first, again):
        return Slip("generator-ignored", "two generators of the same seed give different directions.")
    if np.array_equal(first, other):
        return Slip("always-the-same", "generators of different seeds give the same directions.")
    if outputs["restarted"] is not False:
        return Slip(
            "starts-anew", "Two calls with one generator give the same directions: draw from it as it is given."
        )
    return Slip("drawn-alike", ALIKE) if outputs["alike"] is not False else None


def not_own(inputs: Tree, outputs: Tree) -> str | Difference | None:
    """Directions that the method draws itself, 100 of them or the number that is set."""
    return (not_one_slice if inputs["settings"] else not_of_the_sphere)(inputs, outputs)


def not_of_the_sphere(inputs: Tree, outputs: Tree) -> str | Difference | None:
    """With directions of its own: Σ_k Ω(last bias) = 1, Ω_W = Ω_b m² in the last layer, and every Ω near |∂φ̄/∂θ|²/K."""
    omega = arrays(outputs["omega"], inputs)
    if type(outputs.get("slices")) is not int or outputs["slices"] != 100:
        return "SCP has slices = 100 unless it is set otherwise."
    slopes = {name: value.mean(axis=1) for name, value in View(inputs).jacobian().items()}
    weight, bias = list(slopes)[-2:]
    size = len(omega[bias])
    if abs(float(omega[bias].sum()) - 1) > 1e-3:
        return "the directions are not of length 1, or Ω is not their mean: look at the sum of Ω over the last bias."
    deviation = np.sqrt((3 / (size * (size + 2)) - 1 / size**2) / outputs["slices"])
    for name, slope in slopes.items():
        squared = (slope**2).sum(axis=0)
        if bool((np.abs(omega[name] - squared / size) > SIGMAS * deviation * squared).any()):
            return "too few slices, or directions that are not uniform."
    expected = omega[bias][:, None] * slopes[weight][0, 0] ** 2
    return compare({weight: expected}, {weight: omega[weight]}, 1e-3, "omega")


def not_one_slice(inputs: Tree, outputs: Tree) -> str | None:
    """With slices = 1 there is one direction ξ: Ω(last bias) = ξ², and the other layers must agree with one such ξ."""
    omega = arrays(outputs["omega"], inputs)
    slopes = {name: value.mean(axis=1) for name, value in View(inputs).jacobian().items()}
    size = np.sqrt(np.maximum(omega[max(name for name in omega if name.endswith("bias"))], 0.0))
    for signs in product((1.0, -1.0), repeat=len(size) - 1):
        xi = size * (1.0, *signs)
        one = {name: np.tensordot(xi, value, axes=1) ** 2 for name, value in slopes.items()}
        if abs(float(xi @ xi) - 1) < 1e-3 and compare(one, omega, 1e-3, "omega") is None:
            return None
    return "with slices set to 1, Ω is not that of any one direction: is self.slices used, and are all batches in φ̄?"


mistake = Mistakes(checks=("sphere-form", "sphere-uniform"), beside=__file__)
mistake.given()
mistake.listed("slices-fixed", lambda inputs: {"asked": [100]} if inputs["settings"] else {})
