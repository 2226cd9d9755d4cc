"""Check of `wengert_list`: the Wengert list: values, tangents and adjoints of one formula."""

from lifelong.checks.expect import Names, expect, expect_digits, known, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """The three columns at (2, 3), and one more point."""
    columns = ("values", "tangents", "adjoints")
    values, tangents, adjoints = (lookup(names, f"wengert_{name}", "wengert_list") for name in columns)
    expect(values(2.0, 3.0), [6, 4, 10, 3, 10 / 3], "wengert_values(2, 3)")
    wrong = known("wengert_list", "tangents")
    expect(tangents(2.0, 3.0, 1.0, 0.0), [3, 4, 7, 3, -1], "wengert_tangents(2, 3, 1, 0)", wrong)
    expect(tangents(2.0, 3.0, 0.0, 1.0), [2, 0, 2, 1, -4 / 9], "wengert_tangents(2, 3, 0, 1)", wrong)
    column, wrong = [-7 / 9, 1 / 3, 1 / 3, -10 / 9, 1, -1, -4 / 9], known("wengert_list", "adjoints")
    expect(adjoints(2.0, 3.0), column, "wengert_adjoints(2, 3)", wrong)
    expect(values(3.0, 1.0), [3, 9, 12, 2, 6], "wengert_values(3, 1)")
    expect(tangents(3.0, 1.0, 1.0, 2.0), [7, 6, 13, 5, -8.5], "wengert_tangents(3, 1, 1, 2)")
    expect(adjoints(3.0, 1.0), [-2.5, 0.5, 0.5, -3, 1, 0.5, -4.5], "wengert_adjoints(3, 1)")
    expect(tangents(0.0, 2.0, 1.0, 1.0), [2, 0, 2, 1, -1], "wengert_tangents(0, 2, 1, 1)")
    expect(adjoints(0.0, 2.0), [-0.5, -0.5, -0.5, 0, 1, -1, 0], "wengert_adjoints(0, 2)")
    call = "wengert_adjoints(2, 3)"
    expect_digits(lambda: adjoints(Precise(2), Precise(3))[-2:], [Precise(-1), Precise(-4) / 9], call)
    return "all three columns agree with the table, and with a second direction."
