"""Judge ``complex_step``: a derivative from one complex value, an abs that survives it, and where not to trust it."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.judging import Case, Check, Exercise, Mistakes, Slip, Tree

from .fit import order_complaint
from .formula import formula, moves, point
from .smooth import Array, derivative, described, draw_smooth, leading

FUNCTIONS: dict[str, Callable[[float], Callable[[Any], Any]]] = {
    "exp(a x) + sin(x)": lambda a: lambda x: np.exp(a * x) + np.sin(x),
    "10⁹ a exp(x)": lambda a: lambda x: 1e9 * a * np.exp(x),
    "a / (3 + x³/3)": lambda a: lambda x: a / (3 + x**3 / 3),
    "a x right of 0, else x³": lambda a: lambda x: a * x if np.real(x) > 0 else x**3,
    "(a x)³ + x": lambda a: lambda x: (a * x) ** 3 + x,
    "a |x|": lambda a: lambda x: a * abs(x),
    "a conj(x) + 1": lambda a: lambda x: a * np.conj(x) + 1,
    "a real(x)³ + 10⁷": lambda a: lambda x: a * np.real(x) ** 3 + 1e7,
    "a |x|²": lambda a: lambda x: a * abs(x) ** 2,
    "a x³ + a real(x)³/3000": lambda a: lambda x: a * x**3 + a * np.real(x) ** 3 / 3000,
    "a real(x)³/3000 - a x³": lambda a: lambda x: a * np.real(x) ** 3 / 3000 - a * x**3,
}
"""Those of the probe; of the last six the complex step is not the slope."""

KINDS = tuple(f"{kind} {side:+d}" for kind in FUNCTIONS for side in (1, -1))
F = Callable[[Any], Any]

H = 1e-20
"""The step that students' functions have by default."""


def draw(rng: np.random.Generator) -> list[Case]:
    """Large steps for the order, tiny ones for the digits, arrays; an abs on both sides of 0; honest and other f.

    Functions fall, so that a slope without its sign shows.
    """
    while True:
        spec, x = draw_smooth(rng), float(rng.uniform(-1.0, 1.0))
        if leading(spec, x, 3) and abs(derivative(spec, x, 1)) > 0.3:
            break
    falling, other = falls(spec), falls(draw_smooth(rng))
    twice = rng.choice(rng.uniform(0.3, 1.2, size=5), size=(2, 1, 3))  # holds a number more than once
    cases = [
        Case("ladder", {"spec": falling, "x": x, "steps": 0.1 * 0.5 ** np.arange(5)}),
        Case("tiny", {"spec": falling, "x": x, "steps": np.array([1e-8, 1e-20, 1e-100, 1e-200])}),
        Case("default", {"spec": falling, "x": x, "steps": np.array([])}),
        Case("array", {"spec": other, "x": twice, "steps": np.array([0.1, 1e-20])}),
    ]
    points = np.concatenate([rng.uniform(0.2, 2.0, size=3), -rng.uniform(0.2, 2.0, size=3)])
    signs = np.concatenate([rng.permutation([1, 1, -1]), rng.permutation([1, -1, -1])])  # each beside each
    mixed = rng.permutation([0, *range(6)])  # a number twice
    cases.append(Case("safe abs", {"z": points[mixed], "imaginary": 1e-20 * signs[mixed]}))
    cases.append(
        Case("abs at zero", {"z": np.array([0.0, 0.0, points[0]]), "imaginary": np.array([1e-20, -1e-20, 1e-20])})
    )
    cases += [Case(f"abs of {x:g}", {"z": np.array(x), "imaginary": np.array(1e-20)}) for x in (-1.5, 2.5)]
    for name in KINDS:
        kind, side = name.rsplit(" ", 1)
        x = int(side) * float(rng.uniform(0.5, 1.5))
        cases.append(Case(name, {"function": kind, "x": x, "a": float(rng.uniform(0.7, 1.3))}))
    return cases


def falls(spec: dict[str, float]) -> dict[str, float]:
    """The function times −1."""
    return {**spec, "a": -spec["a"], "c": -spec["c"]}


def truth(inputs: Tree) -> Array:
    """f′(x)."""
    return derivative(inputs["spec"], inputs["x"], 1)


def computed(inputs: Tree, outputs: Tree) -> str:
    """The formula of which the estimates are, told by the points at which f was asked; empty where they are of none."""
    x, steps, got = inputs["x"], inputs["steps"], np.asarray(outputs["estimates"], dtype=np.float64)
    values = dict[str, Array]()
    for move in moves([[complex(*each) for each in row] for row in outputs["asked"]], x, steps):
        name, value = f"f({point(move)})", function(inputs["spec"])(x + move * steps)
        parts = {"Im ": value.imag, "Re ": value.real, "|": np.abs(value)} if move.imag else {"": value.real}
        values |= {f"{part}{name}{'|' * (part == '|')}": each for part, each in parts.items()}
    return formula(values, steps, got)


def order(inputs: Tree, outputs: Tree) -> str | Slip | None:
    """With large steps the error is −h²/6 · f‴."""
    steps = inputs["steps"]
    errors = np.asarray(outputs["estimates"], dtype=np.float64) - truth(inputs)
    remainder = -(steps**2) / 6 * derivative(inputs["spec"], inputs["x"], 3)
    said = order_complaint(steps, errors, order=2, leading=remainder)
    wrong = said and computed(inputs, outputs)
    return Slip("complex-step-otherwise", OTHERWISE.format(wrong), quotes=True) if wrong else said


def digits(inputs: Tree, outputs: Tree) -> str | None:
    """With tiny steps nothing but rounding is left: no difference is taken, so nothing cancels."""
    got = np.asarray(outputs["estimates"], dtype=np.float64)
    if not np.isfinite(got).all():
        return "there is NaN or infinity among the estimates."
    right = truth(inputs)
    if got.size != right.size * max(len(inputs["steps"]), 1):
        raise ValueError("not one estimate for each step")
    if float(np.abs(got - right).max()) <= 1e-12 * max(1.0, float(np.abs(right).max())):
        return None
    return "a tiny step should give the derivative to all its digits, but does not."


def turned(x: Array, y: Array) -> tuple[Array, Array]:
    """The parts of z where its real part is positive, of −z elsewhere."""
    sign = np.where(x >= 0, 1, -1)
    return sign * x, sign * y


def near(step: float, slope: float, tolerance: float = 1e-6) -> bool:
    """Whether the complex step gives the slope."""
    return abs(step - slope) < tolerance * abs(slope)


def imaginary(f: F, x: Array, h: float) -> Any:
    """The complex step."""
    return f(x + 1j * h).imag / h


def function(spec: Tree) -> F:
    """f(z) = a exp(bz) + c sin(dz), of complex numbers as well."""
    a, b, c, d = (spec[key] for key in "abcd")
    return lambda z: a * np.exp(b * z) + c * np.sin(d * z)


def estimates(rule: Callable[[F, Array, float], Any], inputs: Tree) -> Tree:
    """What a rule for the estimate from f, x and h gives."""
    f, steps = function(inputs["spec"]), inputs["steps"] if len(inputs["steps"]) else [H]
    return {"estimates": np.array([rule(f, np.asarray(inputs["x"]), float(h)) for h in steps])}


def stepped(
    inputs: Tree,
    *,
    moved: Callable[[Array, float], Any] = lambda x, h: x + 1j * h,
    part: Callable[[Any], Any] = np.imag,
    below: Callable[[float], float] = lambda h: h,
) -> Tree:
    """The estimates in stages: the point, the part of f there, and what that is divided by."""
    return estimates(lambda f, x, h: part(f(moved(x, h))) / below(h), inputs)


def both_parts(rule: Callable[[Array, Array], tuple[Array, Array]]) -> Callable[[Tree], Tree]:
    """The oracle of a rule for the parts of the abs from x and from the imaginary part in units of 1e-20."""
    return lambda inputs: dict(zip(("real", "imaginary"), rule(inputs["z"], inputs["imaginary"] * 1e20), strict=True))


def trusting(rule: Callable[[float, float], Any], inputs: Tree, h: float = 1e-5) -> Tree:
    """Whether a rule of (complex step, slope) trusts the function, from a central difference of step h."""
    f, x = FUNCTIONS[inputs["function"]](inputs["a"]), inputs["x"]
    return {"trusted": bool(rule(np.imag(f(x + 1j * H)) / H, (f(x + h) - f(x - h)) / (2 * h)))}


def beside_value(inputs: Tree, *least: float) -> Tree:
    """Whether the function is trusted where the error is held against its value, or what is least."""
    size = max(abs(FUNCTIONS[inputs["function"]](inputs["a"])(inputs["x"])), *least)
    return trusting(lambda step, slope: abs(step - slope) <= 1e-6 * size, inputs)


mistake = Mistakes(beside=__file__)
OTHERWISE = mistake.table.pop("told")["otherwise"]
estimate = mistake.group("order", "digits", "arrays", oracle=partial(partial, estimates))
absolute = mistake.group("abs", oracle=both_parts)
trusted = mistake.group("trust", oracle=partial(partial, trusting))

stage = estimate.stages(stepped)
stage("not-divided", below=lambda h: 1.0)
stage("real-part", part=np.real)
stage("real-step", moved=lambda x, h: x + h)
stage("modulus-in-place-of-imaginary-part", part=np.abs)
stage("sign", part=lambda value: -np.imag(value))
estimate.listed("ordinary-difference", lambda f, x, h: (f(x + h) - f(x)).real / h)
estimate.listed("central-difference", lambda f, x, h: (f(x + h) - f(x - h)).real / (2 * h))
estimate.listed("length-of-the-difference", lambda f, x, h: abs(f(x + 1j * h) - f(x)) / h)

absolute.listed("abs-is-real", lambda x, y: (np.abs(x), np.zeros_like(x)))
absolute.listed("abs-keeps-the-imaginary-part", lambda x, y: (np.abs(x), y))
absolute.listed("abs-of-both-parts", lambda x, y: (np.abs(x), np.abs(y)))
absolute.listed("abs-sign-of-complex", lambda x, y: (np.abs(x), 2 * np.sign(x) * y))
absolute.listed("abs-compares-complex", lambda x, y: (np.abs(x), np.where((x > 0) | (x == 0) & (y >= 0), y, -y)))
absolute.listed("abs-of-the-whole", lambda x, y: (x, y) if (x >= 0).all() else (-x, -y))

trusted.listed("trusts-zero", lambda step, slope: near(step, slope) or not step)
trusted.listed("trusts-conjugate", lambda step, slope: near(abs(step), abs(slope)))
trusted.listed("trusts-conjugate", lambda step, slope: step)
trusted.listed("trusts-one-side", lambda step, slope: step - slope < 1e-6 * abs(slope))
trusted.listed("trusts-one-side", lambda step, slope: slope - step < 1e-6 * abs(slope))
trusted.listed("divides-by-signed-slope", lambda step, slope: abs(step - slope) / slope < 1e-6)
trusted.listed("trusts-all", lambda step, slope: True)
for tolerance in (0.01, 1e-3):
    trusted.listed("too-lenient", partial(near, tolerance=tolerance))
for h in (0.1, 0.01, 1e-3):
    mistake.listed("coarse-difference", partial(trusting, near, h=h), "trust")
for least in (0.0, 1.0):
    mistake.listed("tolerance-of-the-value", lambda inputs, least=least: beside_value(inputs, least), "trust")
for tolerance in (1e-6, 0.01):
    trusted.listed("absolute-tolerance", lambda step, slope, tolerance=tolerance: abs(step - slope) < tolerance)
trusted.listed("too-strict", lambda step, slope: False)

for built in (H, *10.0 ** -np.arange(1, 9)):
    estimate.listed("step-built-in", lambda f, x, h, built=built: imaginary(f, x, built))
estimate.formula(imaginary)
absolute.formula(turned)

right = partial(estimates, imaginary)
large = partial(Check, complaint=order, example=right, likeness=1e-7)
tiny = partial(Check, cases=("tiny", "default"), complaint=digits, needs=("order",), example=right, likeness=1e-12)
ABS = ("safe abs", "abs at zero", "abs of -1.5", "abs of 2.5")
safe = partial(Check, cases=ABS, expected=both_parts(turned), tolerance=1e-9)
sound = partial(Check, cases=KINDS, expected=partial(trusting, near))
CHECKS = (
    large("order", "With a large step the error is −h²/6 · f‴", share=0.25, cases=("ladder",)),
    tiny("digits", "With a tiny step all digits are right", share=0.2),
    Check("arrays", "Arrays, entry by entry", share=0.1, cases=("array",), expected=right, tolerance=1e-12),
    safe("abs", "An abs that the complex step can pass through, of arrays and of a number", share=0.2),
    sound("trust", "Telling where the complex step is wrong", share=0.25),
)
EXERCISE = Exercise("complex_step", draw, CHECKS, tuple(mistake), tuple(mistake.formulas), described=described)
