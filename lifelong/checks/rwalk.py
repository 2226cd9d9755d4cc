"""Check of `rwalk`: RWalk, running Fisher information plus path score."""

from lifelong.checks.expect import Names
from lifelong.checks.importances import made
from lifelong.checks.penalty import expect_anchor
from lifelong.checks.walks import expect_walks


def check(names: Names) -> str:
    """`RWalk` with interval 2 over one interval, one and a half, an uphill walk, no walk at all, and three tasks."""
    expect_anchor(*expect_walks(type(made(names, "RWalk", "rwalk")), "rwalk"))
    return "running Fisher plus path score, each over its largest entry; the new Ω replaces the old."
