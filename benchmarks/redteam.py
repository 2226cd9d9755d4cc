"""How many of the red team's attacks succeed against other graders.

    python -m benchmarks.redteam nbgrader [NAME …]
    python -m benchmarks.redteam otter [NAME …] --otter ENVIRONMENT
    python -m benchmarks.redteam --figure FILE

Everything runs inside one bubblewrap container, in throw-away courses full of canaries. Attacks that would endanger the
machine (bombs of processes, memory and disk) are not run there, and counted as such. Results are
added to ``benchmarks/redteam-GRADER.jsonl``; attacks that are in it already are not run again, so that a run can be
stopped at any time. The last command prints and draws all results, beside the sandbox's own, which
``python -m tests.redteam --json benchmarks/redteam-course.jsonl`` writes.

Otter comes from an environment of its own, made by the same Python:
``python -m venv /tmp/otter && /tmp/otter/bin/pip install otter-grader``.
"""

import argparse
import json
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from rich.console import Console
from rich.table import Table

from benchmarks.redteam_figure import figure
from tests.redteam import ATTACKS

ROOT = Path(__file__).resolve().parents[1]
GRADERS = {"nbgrader": "plain nbgrader", "otter": "Otter, run locally", "course": "this course"}
LIMITS = "ulimit -v 12000000 -f 500000 -c 0"
SECONDS = 240
"""How long the container may be silent: longer than an attack may last in it."""


def main() -> None:
    """Run what has no result yet, then print or draw all results."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("grader", nargs="?", choices=("nbgrader", "otter"))
    parser.add_argument("names", nargs="*", metavar="NAME", help="of attacks; all by default")
    parser.add_argument("--otter", type=Path, default=Path("/tmp/otter"), help="the environment that Otter is in")
    parser.add_argument("--figure", type=Path, help="draw all results there")
    options = parser.parse_args()
    if options.grader:
        environment = options.otter.absolute() if options.grader == "otter" else Path(sys.prefix)
        run(options.grader, waiting(options.grader, options.names), environment)
    console = Console(width=None if sys.stdout.isatty() else 160)
    found = {grader: results(grader) for grader in GRADERS}
    counts = {GRADERS[grader]: count(each) for grader, each in found.items()}
    console.print(summary(counts))
    if options.figure:
        figure(counts).savefig(options.figure, dpi=150)


def waiting(grader: str, names: Iterable[str] = ()) -> list[str]:
    """The attacks without a result, all of them or of these names."""
    done = results(grader)
    found = [each.name for each in ATTACKS if not each.dangerous and each.name not in done]
    return [name for name in found if not names or name in names]


def run(grader: str, names: Iterable[str], environment: Path) -> None:
    """Run attacks one by one in a container, and write down what each achieved; one that stops it gets a new one."""
    container = None
    with file(grader).open("a") as found, tempfile.TemporaryFile("w+") as noise:
        for name in names:
            container = container or Container(command(grader, environment), noise)
            line = container.asked(name)
            if not line:
                container = None
                line = json.dumps({"attack": name, "successes": ["the grader itself is stopped"], "seconds": SECONDS})
            found.write(line.strip() + "\n")
            found.flush()
    if container:
        container.inside.communicate()


class Container:
    """A running trial.

    Raises:
        RuntimeError: an honest submission does not get its marks in it.
    """

    def __init__(self, words: list[str], noise: IO[str]) -> None:
        pipe = subprocess.PIPE
        self.inside = subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=noise, text=True)
        line = self.asked("honest")
        if not line or json.loads(line)["successes"]:
            noise.seek(0)
            raise RuntimeError(f"An honest submission is wronged:\n{line}\n{noise.read()[-3000:]}")

    def asked(self, name: str) -> str:
        """The line of results of one attack; empty when the container has ended, or does not answer and is killed."""
        assert self.inside.stdin is not None
        assert self.inside.stdout is not None
        patience = threading.Timer(SECONDS, self.inside.kill)
        patience.start()
        try:
            self.inside.stdin.write(name + "\n")
            self.inside.stdin.flush()
            return next((line for line in self.inside.stdout if line.startswith('{"attack"')), "")
        finally:
            patience.cancel()


def command(grader: str, environment: Path) -> list[str]:
    """bubblewrap around the trial of a grader: it has an ordinary user's rights, and all that it writes is thrown away.

    Args:
        grader: a name that has a module ``benchmarks.redteam_…``.
        environment: whose Python runs it; what it lacks comes from this one.
    """
    python = environment / "bin" / "python"
    visible = [python.resolve().parents[1], environment, Path(sys.base_prefix), Path(sys.prefix), ROOT]
    view = ["--ro-bind", "/usr", "/usr", "--ro-bind", "/etc", "/etc"]
    for folder in ("lib", "lib64", "bin", "sbin"):
        view += ["--symlink", f"usr/{folder}", f"/{folder}"]
    view += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--tmpfs", "/var/tmp"]
    for shown in dict.fromkeys(visible):
        if not shown.is_relative_to("/usr"):
            view += ["--ro-bind", str(shown), str(shown)]
    view += ["--ro-bind", "/proc/sys", "/proc/sys", "--remount-ro", "/dev", "--tmpfs", "/dev/shm", "--remount-ro", "/"]
    settings = {
        "PATH": f"{environment / 'bin'}:{Path(sys.prefix) / 'bin'}:/usr/bin",
        "HOME": "/tmp",
        "OMP_NUM_THREADS": "1",
        "LIFELONG_BUDGET": "tiny",
        "MPLBACKEND": "agg",
        "PYTHONPATH": f"{ROOT}:{sysconfig.get_path('purelib')}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    variables = [word for name, value in settings.items() for word in ("--setenv", name, value)]
    inner = [str(python), "-W", "ignore", "-m", f"benchmarks.redteam_{grader}", str(ROOT), "/tmp/rival"]
    shell = ["bash", "-c", f'{LIMITS}; exec "$@"', "bash", *inner]
    outer = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"]
    outer += ["--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"]
    return [*outer, *view, *variables, "--chdir", str(ROOT), *shell]


def file(grader: str) -> Path:
    """Where a grader's results are."""
    return Path(__file__).with_name(f"redteam-{grader}.jsonl")


def results(grader: str) -> dict[str, Any]:
    """What is known so far, by attack."""
    if not file(grader).is_file():
        return {}
    return {each["attack"]: each for each in map(json.loads, file(grader).read_text().splitlines())}


def count(found: dict[str, Any]) -> dict[str, Counter[str]]:
    """How many attacks of each theme succeed, fail, or were not run."""
    counts: dict[str, Counter[str]] = {}
    for attack in ATTACKS:
        state = "not run"
        if attack.name in found:
            state = "succeed" if found[attack.name]["successes"] else "fail"
        counts.setdefault(attack.theme, Counter())[state] += 1
    return counts


def summary(counts: dict[str, dict[str, Counter[str]]]) -> Table:
    """How many succeed, theme by theme and grader by grader."""
    rows = Table(title="Attacks that succeed, of those run", title_justify="left")
    for name in ("theme", "attacks", *counts):
        rows.add_column(name, justify="left" if name == "theme" else "right")
    themes = {theme: None for each in counts.values() for theme in each}
    for theme in themes:
        found = [each[theme] for each in counts.values()]
        rows.add_row(theme, str(found[0].total()), *map(_share, found))
    totals = [sum(each.values(), Counter()) for each in counts.values()]
    rows.add_row("all", str(totals[0].total()), *map(_share, totals), style="bold")
    return rows


def _share(found: Counter[str]) -> str:
    return f"{found['succeed']} of {found['succeed'] + found['fail']}"


if __name__ == "__main__":
    main()
