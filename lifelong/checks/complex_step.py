"""Check of `complex_step`: the complex step, and what it can be trusted with."""

import itertools
import math

import numpy as np

from lifelong.checks.expect import CheckFailed, Names, expect, known, lookup


def check(names: Names) -> str:
    """exp to all digits; abs, broken and mended; what to trust."""
    step = lookup(names, "complex_step", "complex_step")
    expect(step(np.exp, 1.0), math.e, "complex_step(np.exp, 1.0)", known("complex_step", "of_exp"), 1e-14)
    expect(step(lambda x: x**3, 1.0, h=0.5), 2.75, "complex_step(f, 1.0, h=0.5) for f(x) = x³")
    expect(step(lambda x: x**3, np.array([1.0]), h=0.5), [2.75], "complex_step(f, [1], h=0.5) for f(x) = x³")
    got, call = (
        step(lambda x: x**3 - 6.5 * x, np.array([1.0, -2.0, 1.0])),
        "complex_step(f, [1, -2, 1]) for f(x) = x³ − 6.5x",
    )
    expect(got, [-3.5, 5.5, -3.5], call)
    modulus = lookup(names, "complex_abs", "complex_step")
    points = [
        ([3 + 4j], [3 + 4j]),
        ([-3 + 4j], [3 - 4j]),
        ([-0.5 + 1j], [0.5 - 1j]),
        *(([z], [z]) for z in (1e-20j, complex(0, -1e-20))),
    ]
    for z, right in (*points, ([3 + 4j, -3 + 4j, 3 + 4j], [3 + 4j, 3 - 4j, 3 + 4j]), (-3 + 4j, 3 - 4j)):
        found = np.asarray(modulus(np.array(z) if isinstance(z, list) else z)).tolist()
        if found != right:
            hint = " That is the length, a real number." if found == [5] else ""
            raise CheckFailed(f"complex_abs({z}) should be {right}, entry by entry, but is {found}.{hint}")
    trust = lookup(names, "trustworthy", "complex_step")
    honest = {"np.exp": True, "abs": False, "np.conj": False, "lambda x: -(x**3)": True}
    honest["lambda x: np.sin(9 * x)"] = True
    honest["lambda x: 1e7 + np.real(x)**3"] = False
    honest["lambda x: 1e9 * np.exp(x)"] = True  # whose difference is off by more than a millionth
    honest |= {f"lambda x: {sign}x**3 {sign or '+'} np.real(x)**3 / 3000": False for sign in ("", "-")}
    for (f, wanted), x in itertools.product(honest.items(), (1.0, -1.0)):
        if bool(trust(eval(f, {"np": np}), x)) is not wanted:
            raise CheckFailed(f"trustworthy({f}, {x}) should be {wanted}, but is {not wanted}.")
    return "exp comes out to all digits, abs is mended, and what cannot be trusted is found."
