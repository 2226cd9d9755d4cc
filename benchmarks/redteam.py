"""How many of the red team's attacks succeed against plain nbgrader: ``python -m benchmarks.redteam [NAME …]``.

Everything runs inside one bubblewrap container, in throw-away courses full of canaries. Attacks that would endanger the
machine (bombs of processes, memory and disk) are not run there, and counted as such. Results are
added to ``benchmarks/redteam.jsonl``; attacks that are in it already are not run again, so that a run can be
stopped at any time. The sandbox's own results are printed by ``python -m tests.redteam``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.redteam import ATTACKS

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_suffix(".jsonl")
LIMITS = "ulimit -v 12000000 -f 500000 -c 0"


def main(names: list[str]) -> None:
    """Run what has no result yet, then print all results."""
    done = results()
    waiting = [each.name for each in ATTACKS if not each.dangerous and each.name not in done]
    waiting = [name for name in waiting if not names or name in names]
    if waiting:
        with (
            RESULTS.open("a") as file,
            subprocess.Popen(command(waiting), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as inside,
        ):
            for line in inside.stdout or ():
                if line.startswith("{"):
                    file.write(line)
                    file.flush()
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table(results()))
    console.print(summary(results()))


def command(names: list[str]) -> list[str]:
    """bubblewrap around ``benchmarks.redteam_nbgrader``: nothing can be written but what is thrown away."""
    venv, base = Path(sys.prefix), Path(sys.base_prefix)
    view = ["--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"]
    for folder in ("lib", "lib64", "bin", "sbin"):
        view += ["--symlink", f"usr/{folder}", f"/{folder}"]
    view += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp"]
    for folder in (*([] if base.is_relative_to("/usr") else [base]), ROOT, venv):
        view += ["--ro-bind", str(folder), str(folder)]
    settings = {
        "PATH": f"{venv / 'bin'}:/usr/bin",
        "HOME": "/tmp",
        "OMP_NUM_THREADS": "1",
        "LIFELONG_BUDGET": "tiny",
        "MPLBACKEND": "agg",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    environment = [word for name, value in settings.items() for word in ("--setenv", name, value)]
    inner = ["python", "-W", "ignore", "-m", "benchmarks.redteam_nbgrader", str(ROOT), "/tmp/rival", *names]
    shell = ["bash", "-c", f'{LIMITS}; exec "$@"', "bash", *inner]
    outer = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    return [*outer, *view, *environment, "--chdir", str(ROOT), *shell]


def results() -> dict[str, Any]:
    """What is known so far, by attack."""
    if not RESULTS.is_file():
        return {}
    return {each["attack"]: each for each in map(json.loads, RESULTS.read_text().splitlines())}


def table(found: dict[str, Any]) -> Table:
    """One row per attack that was run."""
    rows = Table(title="Hostile submissions, graded by plain nbgrader", title_justify="left")
    for name in ("theme", "attack", "wants", "achieved"):
        rows.add_column(name)
    for attack in ATTACKS:
        if attack.name in found:
            successes = found[attack.name]["successes"]
            rows.add_row(attack.theme, attack.name, attack.aim, escape("; ".join(successes)[:200]) or "nothing")
    return rows


def summary(found: dict[str, Any]) -> Table:
    """How many succeeded, theme by theme."""
    rows = Table(title="Attacks that succeed against plain nbgrader", title_justify="left")
    for name in ("theme", "succeed", "run", "not run: dangerous", "not run yet"):
        rows.add_column(name, justify="left" if name == "theme" else "right")
    themes = list(dict.fromkeys(each.theme for each in ATTACKS))
    count: Counter[tuple[str, str]] = Counter()
    for attack in ATTACKS:
        state = "run" if attack.name in found else "dangerous" if attack.dangerous else "waiting"
        count[attack.theme, state] += 1
        count[attack.theme, "succeed"] += attack.name in found and bool(found[attack.name]["successes"])
    columns = ("succeed", "run", "dangerous", "waiting")
    for theme in themes:
        rows.add_row(theme, *(str(count[theme, column]) for column in columns))
    rows.add_row("all", *(str(sum(count[theme, column] for theme in themes)) for column in columns), style="bold")
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
