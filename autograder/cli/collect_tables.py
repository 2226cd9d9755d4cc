"""What was collected, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich import box
from rich.markup import escape
from rich.table import Table

from autograder.collect.run import Collected, Row
from autograder.render.sanitise import visible

SHOWN = 20
"""How many names of a long list are written out."""


def collected_table(name: str, collected: Collected, root: Path) -> Table:
    """A row per student: what is graded, where it came from, when, and what else is kept."""
    changed = sum(row.changed for row in collected.rows)
    title = f"{name}: {len(collected.rows)} students, {changed} of them new or changed"
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in ("student", "from", "file", "handed in", "older", ""):
        table.add_column(heading, overflow="fold")
    for row in collected.rows:
        attempt = row.attempt
        when = f"{attempt.when:%Y-%m-%d %H:%M} UTC" if attempt.when else "–"
        late = " [yellow]late[/]" if row.late else ""
        table.add_row(
            escape(visible(row.student)),
            attempt.kind.value,
            escape(visible(attempt.came_from)),
            when + late,
            str(row.older or ""),
            _remark(row),
        )
    return table


def _remark(row: Row) -> str:
    news = "[green]new[/]" if row.changed else "[dim]as before[/]"
    return f"{news} {escape(row.note)}".rstrip()


def leftovers(collected: Collected) -> Iterator[str]:
    """What became of the rest: files that are nobody's, what was refused, and who has handed in nothing; plain text."""
    kinds = Counter(row.attempt.kind.value for row in collected.rows)
    if kinds:
        yield "from " + ", ".join(f"{kind}: {number}" for kind, number in kinds.most_common())
    for heading, entries in (("nobody's", collected.nobody), ("refused", collected.refused)):
        for entry in entries:
            yield f"{heading}: {visible(entry.name)}. {visible(entry.reason)}"
    if collected.absent:
        names = ", ".join(visible(person.id) for person in collected.absent[:SHOWN])
        more = len(collected.absent) - SHOWN
        rest = f" and {more} more" if more > 0 else ""
        yield f"handed in nothing: {len(collected.absent)} of the class ({names}{rest})"
