"""Check of `hessian_vector`: the Hessian times a vector, forward over reverse."""

from lifelong.checks.expect import Names, expect, expect_digits, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """x0² x1, a function that is linear in an input, and one with exp."""
    product = lookup(names, "hessian_vector", "hessian_vector")
    known = [
        ([12, 4], "That is the gradient; Hv is the slope of each grad."),
        ([12, -4], "That is the gradient times v; Hv is the slope of each grad."),
        ([10, 4], "That is H times a vector of ones: the slopes on the tape are v."),
        ([6, 0], "That is the diagonal only."),
    ]
    call = "hessian_vector(lambda x: x[0] * x[0] * x[1], [2, 3], [1, -1])"
    expect(product(lambda x: x[0] * x[0] * x[1], [2.0, 3.0], [1.0, -1.0]), [2, 4], call, known)
    point = [2.0, 2.0]
    call = "hessian_vector(lambda x: x[0] * x[0] * x[1], [2, 2], [1, 0])"
    expect(product(lambda x: x[0] * x[0] * x[1], point, [1.0, 0.0]), [4, 4], call)
    tiny = [value * 1e20 for value in product(lambda x: x[0] * x[0] * x[1], point, [1e-20, 0.0])]
    expect(tiny, [4, 4], call.replace("[1, 0]", "[1e-20, 0]") + " · 1e20, with the same list x again,")
    call = "hessian_vector(lambda x: x[0].exp() + 3 * x[1], [0, 1], [2, 5])"
    expect(product(lambda x: x[0].exp() + 3 * x[1], [0.0, 1.0], [2.0, 5.0]), [2, 0], call)
    call = "hessian_vector(lambda x: 1 / x[0], [7], [1])"
    expect_digits(lambda: product(lambda x: 1 / x[0], [Precise(7)], [Precise(1)]), [Precise(2) / 343], call)
    return "curvature along v, without a Hessian."
