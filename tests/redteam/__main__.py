"""``python -m tests.redteam [NAME …]``: run the corpus, or the attacks whose names contain one of these; print its tables."""

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.places import ROOT

from . import ATTACKS
from .trial import Trial, run


def main() -> int:
    """Run, print, and exit with 1 when anything succeeded."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="parts of attacks' names; all by default")
    options = parser.parse_args()
    attacks = [each for each in ATTACKS if not options.names or any(name in each.name for name in options.names)]
    with tempfile.TemporaryDirectory(prefix="course-", dir="/var/tmp") as folder:
        trial = run(attacks, ROOT, Path(folder))
    console = Console(width=None if sys.stdout.isatty() else 180)
    console.print(table(trial))
    console.print(themes(trial))
    console.print(summary(trial))
    return int(bool(trial.outside or trial.leaks or trial.wronged or any(each.successes for each in trial.findings)))


def table(trial: Trial) -> Table:
    """One row per attack."""
    rows = Table(title="Hostile submissions, graded in the sandbox", title_justify="left")
    for name in ("theme", "attack", "wants", "points", "honest", "s", "achieved"):
        rows.add_column(name, justify="right" if name in ("points", "honest", "s") else "left")
    for each in trial.findings:
        achieved = "[red]" + escape("; ".join(each.successes)) + "[/]" if each.successes else "nothing"
        figures = f"{each.score:g}", f"{each.honest:g}", f"{each.seconds:.1f}"
        rows.add_row(each.attack.theme, each.attack.name, each.attack.aim, *figures, achieved)
    return rows


def themes(trial: Trial) -> str:
    """How many attacks there are by theme, and how many achieve anything, in Markdown."""
    attacks = Counter(each.attack.theme for each in trial.findings)
    succeeded = Counter(each.attack.theme for each in trial.findings if each.successes)
    rows = [(theme, count, succeeded[theme]) for theme, count in sorted(attacks.items())]
    rows.append(("all", attacks.total(), succeeded.total()))
    lines = ("| {} | {} | {} |".format(*row) for row in rows)
    return "\n".join(["| theme | attacks | succeed |\n|---|---|---|", *lines])


def summary(trial: Trial) -> str:
    """The corpus in a few lines."""
    gained = sum(max(0.0, each.score - each.honest) for each in trial.findings)
    succeeded = sum(bool(each.successes) for each in trial.findings)
    lines = [
        f"{len(trial.findings)} attacks, {succeeded} succeeded; {gained:g} points gained",
        f"secrets out: {', '.join(trial.leaks) or 'none'}",
        f"changes outside: {', '.join(trial.outside) or 'none'}",
        f"{trial.bystanders} honest submissions among them, wrong marks: {', '.join(trial.wronged) or 'none'}",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
