"""Check of `simplify`: the simplification of formulas, as in Theano."""

from lifelong.checks.expect import CheckFailed, Names, examples, lookup
from lifelong.checks.formulas import value_of


def check(names: Names) -> str:
    """The table of the text, and some more."""
    shorten, (x, y) = lookup(names, "simplify", "simplify"), map(names["var"], "xy")
    for written, length, why in examples("simplify"):
        formula = eval(written, {"const": names["const"], "exp": names["exp"], "x": x, "y": y})
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
    return "seventeen formulas have kept their values and lost what they can lose."
