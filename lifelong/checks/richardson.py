"""Check of `richardson`: Richardson extrapolation."""

from lifelong.checks.expect import CheckFailed, Names, expect, known, lookup


def check(names: Names) -> str:
    """7 + h² + h⁴ with one, two and three levels; other powers."""
    extrapolate = lookup(names, "richardson", "richardson")
    calls: list[float] = []

    def even(h: float) -> float:
        calls.append(h)
        return 7 + h**2 + h**4

    for levels, wanted in ((1, 9.0), (2, 6.75), (3, 7.0)):
        calls.clear()
        call, wrong = f"richardson(A, 1.0, {levels}) for A(h) = 7 + h² + h⁴", known("richardson", f"levels_{levels}")
        expect(extrapolate(even, 1.0, levels), wanted, call, wrong)
        if sorted(calls) != [0.25, 0.5, 1.0][-levels:]:
            message = f"richardson(A, 1.0, {levels}) should call A {levels} times, each with half the step before, but calls it {len(calls)} times, with {calls}."
            raise CheckFailed(message)
    for p, stride in ((1, 1), (1, 2), (4, 2)):
        powers = [p + k * stride for k in range(5)]
        got = extrapolate(lambda h, powers=powers: 2 + sum(h**q for q in powers), 4.0, 6, p=p, stride=stride)
        series = " + ".join(f"h^{q}" for q in powers)
        expect(got, 2.0, f"richardson(A, 4.0, 6, p={p}, stride={stride}) for A(h) = 2 + {series}")
    call = "richardson(A, 1.0, 3) for A(h) = 7 − 5h² + 4h⁴, where A(1) = A(1/2),"
    expect(extrapolate(lambda h: 7 - 5 * h**2 + 4 * h**4, 1.0, 3), 7.0, call)
    expect(extrapolate(lambda h: 2 + 1e6 * h**2, 1e-3, 2), 2.0, "richardson(A, 0.001, 2) for A(h) = 2 + 10⁶ h²")
    expect(extrapolate(lambda h: h, 0.1, 1), 0.1, "richardson(A, 0.1, 1) for A(h) = h")
    return "every level removes one more term, at one call of the estimate each."
