"""Check of `wengert_list`: the Wengert list: values, tangents and adjoints of one formula."""

from lifelong.checks.expect import Known, Names, expect, expect_digits, lookup
from lifelong.digits import Precise


def check(names: Names) -> str:
    """The three columns at (2, 3), and one more point."""
    values, tangents, adjoints = (
        lookup(names, f"wengert_{name}", "wengert_list") for name in ("values", "tangents", "adjoints")
    )
    expect(values(2.0, 3.0), [6, 4, 10, 3, 10 / 3], "wengert_values(2, 3)")
    known: Known = [([3, 2, 5, 3, -5 / 3], "v2 = x1·x1 moves with 2·x1.")]
    expect(tangents(2.0, 3.0, 1.0, 0.0), [3, 4, 7, 3, -1], "wengert_tangents(2, 3, 1, 0)", known)
    known = [([2, 0, 2, 2, -14 / 9], "v4 = v1 − x2 moves with −d2 too.")]
    expect(tangents(2.0, 3.0, 0.0, 1.0), [2, 0, 2, 1, -4 / 9], "wengert_tangents(2, 3, 0, 1)", known)
    known = [
        ([-7 / 9, 1 / 3, 1 / 3, -10 / 9, 1, -5 / 3, -4 / 9], "v2 = x1·x1 uses x1 twice, so it sends back 2·x1."),
        ([-7 / 9, 1 / 3, 1 / 3, -10 / 9, 1, -1, -14 / 9], "x2 is used twice: in v1 and in v4."),
    ]
    expect(adjoints(2.0, 3.0), [-7 / 9, 1 / 3, 1 / 3, -10 / 9, 1, -1, -4 / 9], "wengert_adjoints(2, 3)", known)
    expect(values(3.0, 1.0), [3, 9, 12, 2, 6], "wengert_values(3, 1)")
    expect(tangents(3.0, 1.0, 1.0, 2.0), [7, 6, 13, 5, -8.5], "wengert_tangents(3, 1, 1, 2)")
    expect(adjoints(3.0, 1.0), [-2.5, 0.5, 0.5, -3, 1, 0.5, -4.5], "wengert_adjoints(3, 1)")
    call = "wengert_adjoints(2, 3)"
    expect_digits(lambda: adjoints(Precise(2), Precise(3))[-2:], [Precise(-1), Precise(-4) / 9], call)
    return "all three columns agree with the table, and with a second direction."
