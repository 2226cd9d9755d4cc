"""Similar submissions, for a terminal."""

from __future__ import annotations

from rich import box
from rich.markup import escape
from rich.table import Table

from autograder.handback.similar.compare import Resemblance
from autograder.render.sanitise import visible

ROWS = 30
SHOWN = 6


def similar_table(name: str, found: Resemblance) -> Table:
    """A row per group of the same code and per pair that is alike, the most alike first."""
    counts = (
        f"{found.compared} works, {len(found.groups)} groups the same, {len(found.pairs) + found.left_out} pairs alike"
    )
    table = Table(title=f"{name}: {counts}", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("uncommon code in common", justify="right")
    table.add_column("students")
    for group in found.groups[:ROWS]:
        more = f" and {len(group) - SHOWN} more" if len(group) > SHOWN else ""
        names = ", ".join(work.student for work in group[:SHOWN]) + more
        table.add_row("all", escape(visible(names)))
    for pair in found.pairs[:ROWS]:
        table.add_row(f"{pair.share:.0%}", escape(visible(f"{pair.one.student}, {pair.other.student}")))
    return table
