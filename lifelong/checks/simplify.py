"""Check of `simplify`: the simplification of formulas, as in Theano."""

from lifelong.checks.expect import CheckFailed, Names, lookup
from lifelong.checks.formulas import value_of


def check(names: Names) -> str:
    """The table of the text, and some more."""
    shorten, var, const = lookup(names, "simplify", "simplify"), names["var"], names["const"]
    exp = names["exp"]
    x, y = var("x"), var("y")
    examples = [
        (const(2) * 3 / 4 + x, 3, "2 * 3 / 4 is 1.5"),
        (const(2) ** 3 * x, 3, "2 ** 3 is 8"),
        (x**1 + y * 0 - 0 / y, 1, "x ** 1 is x, y * 0 and 0 / y are 0"),
        (exp(x / 1) - 1 / x, 6, "x / 1 is x, 1 / x is not"),
        (0 - y, 3, "0 - y is not y"),
        ((2 * x) * (y * 3), 5, "a product has one constant: 6 * (x * y)"),
        (1 * x + x * 1, 3, "x + x is 2 * x"),
        (3 * (1 * x + 1 * x), 3, "simplify the inputs first: 6 * x"),
        ((x - x) * exp(y) + y**1, 1, "x - x is 0"),
        (x * y + 2 * (y * x), 5, "x * y and y * x are alike: 3 * (x * y)"),
        ((2 * x + y) + 3 * x, 5, "terms come together across the whole sum: 5 * x + y"),
        (2 * (x + y), 5, "nothing is multiplied out"),
        (y - 2 * x, 5, "a minus stays a minus"),
        (exp(x) - (y - exp(x)) + y, 4, "exp(x), written twice, is one formula: 2 * exp(x)"),
        (-3 * y - x, 5, "where no term is positive, nothing is gained by turning the signs"),
        (exp(x) ** 0, 1, "anything to the power of 0 is 1"),
    ]
    for formula, length, why in examples:
        text = names["show"](formula)
        result = shorten(formula)
        if not isinstance(result, names["Expr"]):
            raise CheckFailed(f"simplify({text}) should be an Expr, but is {result!r}.")
        if names["show"](formula) != text:
            raise CheckFailed(f"simplify({text}) changed the formula that it was given; build a new one.")
        at = {x: 0.7, y: 1.9}
        right, value = value_of(names, formula, at), value_of(names, result, at)
        if not abs(value - right) <= 1e-9:  # NaN is not either
            message = f"simplify({text}) is {names['show'](result)}; at x = 0.7, y = 1.9 that is {value:.4g} in place of {right:.4g} ({why})."
            raise CheckFailed(message)
        if names["length"](result) > length or "-2" in names["show"](result):
            message = f"simplify({text}) is {names['show'](result)} with {names['length'](result)} nodes; {length} are enough: {why}."
            raise CheckFailed(message)
    return "sixteen formulas have kept their values and lost what they can lose."
