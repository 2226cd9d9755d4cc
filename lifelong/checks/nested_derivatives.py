"""Check of `nested_derivatives`: derivatives inside derivatives, each with a tag of its own."""

from lifelong.checks.expect import Names, expect, expect_digits, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """Derivatives in derivatives, with the values of the text."""
    D = lookup(names, "derivative", "nested_derivatives")
    expect(D(lambda x: 2 - x * x * 3 + x, 2.0), -11, "derivative(lambda x: 2 - x * x * 3 + x, 2)")
    expect(D(lambda x: (x + 1) * (2 + x) * x, 2.0), 26, "derivative(lambda x: (x + 1) * (2 + x) * x, 2)")
    expect(D(lambda x: 7, 2.0), 0, "derivative(lambda x: 7, 2)")
    call = "derivative(lambda x: derivative(lambda y: y * y * y, x), 2)"
    expect(D(lambda x: D(lambda y: y * y * y, x), 2.0), 12, call)
    confusion = "Perturbation confusion: both calls share one ε. Each call needs a tag of its own."
    lost = "Where two tags meet, the newer one must win; here the inner ε got lost."
    call = "derivative(lambda x: x * derivative(lambda y: x + y, 1), 1)"
    expect(D(lambda x: x * D(lambda y: x + y, 1.0), 1.0), 1, call, [(2, confusion), (0, lost)])
    call = "derivative(lambda x: x * derivative(lambda y: x * y * y, 3), 2)"
    expect(D(lambda x: x * D(lambda y: x * y * y, 3.0), 2.0), 24, call, [(21, confusion), (0, lost)])
    call = "derivative(lambda x: x * derivative(lambda y: x * 5, 1), 3)"
    known = [(5, "The inner function does not depend on y, so its derivative is 0: that slope belongs to x.")]
    expect(D(lambda x: x * D(lambda y: x * 5, 1.0), 3.0), 0, call, known)
    older = "the older number minus the newer one, and a plain number minus one that carries both"
    expect(D(lambda x: x * D(lambda y: (x - y) * y + (2 - x * y * y), 1.0), 3.0), -8, f"a derivative with {older},")
    text = "derivative(lambda x: x * derivative(lambda y: x * y, 1) * derivative(lambda y: x + y * y, 3), 2)"
    expect(D(lambda x: x * D(lambda y: x * y, 1.0) * D(lambda y: x + y * y, 3.0), 2.0), 24, text)
    deep = D(lambda x: x * D(lambda y: x * y * D(lambda z: x * z * z + y * z, 3.0), 2.0), 1.0)
    expect(deep, 26, "three derivatives, each in the one before,")
    call = "derivative(lambda x: x * derivative(lambda y: x * y * y, 3), 1/7)"
    seventh = Precise(1) / 7
    expect_digits(lambda: D(lambda x: x * D(lambda y: x * y * y, Precise(3)), seventh), [12 * seventh], call)
    return "nested as deep as you like, no ε is mistaken for another."
