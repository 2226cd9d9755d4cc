"""Break the code in one place at a time, drawn blindly from its syntax trees, and see whether the area's tests notice.

``python -m benchmarks.breaks [--seed 1] [--count 100] [--only AREA] [--log FILE]``, as root, prints a row per break and
per area; exit code 1 if one was not noticed. With a log, the same command goes on where it ended. A break may let a wall
fall: so all runs in a copy of the working tree, in a PID namespace of its own, with limits of memory and time.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from autograder.judging.mutation import mutations
from tests.places import ROOT

AREAS = {
    "ingest": ("ingest/*.py", "ingest_limits ingest written fuzz habits"),
    "collect": ("collect/*.py", "collect failures"),
    "record": (
        "gradebook/[!g]*.py",
        "record export deadline collect/class_list late plugin written class class_and_cluster",
    ),
    "sandbox": ("sandbox/**/*.py", "quiz_judge wire course_settings filter sandbox second_wall outlive"),
    "sanitise": ("render/*.py", "sanitise feedback report site"),
    "release": ("publish/*.py gradebook/gen*.py", "build release late ../course/lectures"),
    "judging": (
        "judging/*.py grading/judge_process.py",
        "compare judge mutants relations suspects judge_process quiz_judge function_exercise function_author rehearsal appeal",
    ),
}
"""Area → its modules below ``autograder``, and its tests, folders and files of ``tests/tool``, the fast ones first."""
ALONE = (*"unshare --mount --pid --fork --mount-proc --kill-child prlimit".split(), f"--as={16 << 30}")
AS_ITS_CHILD = ("sh", "-c", '"$@"; exit $?', "sh")
"""The first process of a PID namespace has to take note of orphans' ends, which a shell does."""
PATIENCE = 1_800
"""Seconds that an area's tests may take; on a machine with nothing else to do the slowest need 230."""


class Break(NamedTuple):
    """A module, the lines that differ, and the whole module with them."""

    path: Path
    words: str
    module: str


def draw(area: str, count: int, seed: int) -> list[Break]:
    """So many breaks of an area."""
    chance, tool = random.Random(f"{seed} {area}"), ROOT / "autograder"
    drawn: list[Break] = []
    for path in sorted({path for pattern in AREAS[area][0].split() for path in tool.glob(pattern)}):
        found = mutations(path.read_text(encoding="utf-8"), (), count, chance)
        drawn += [Break(path.relative_to(ROOT), words, module) for module, words in found.items()]
    return chance.sample(drawn, count)


def outcome(copy: Path, area: str, change: Break | None) -> str:
    """How an area's tests end in a copy of the tree, with a break or with none."""
    path = copy / (change.path if change else "README.md")
    intact = path.read_bytes()
    path.write_bytes(change.module.encode() if change else intact)
    places = (copy / "tests" / "tool" / name for name in AREAS[area][1].split())
    tests = [place if place.is_dir() else place.with_name(f"test_{place.name}.py") for place in places]
    command = [*ALONE, *AS_ITS_CHILD, sys.executable, "-m", "pytest", "-x", "-q", f"--basetemp={copy}.tmp", *tests]
    environment = os.environ | {"PYTHONPATH": str(copy), "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, stdout=subprocess.DEVNULL, timeout=PATIENCE)
        return "noticed" if done.returncode else "unnoticed"
    except subprocess.TimeoutExpired:
        return "timed out"
    finally:
        path.write_bytes(intact)


def main() -> int:
    """Try what was drawn, after a look whether each area's tests pass unbroken, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--only", choices=AREAS)
    parser.add_argument("--log", type=Path, default=Path(os.devnull))
    options = parser.parse_args()
    shares = Counter(islice(cycle([options.only] if options.only else AREAS), options.count))
    drawn = {area: draw(area, share, options.seed) for area, share in shares.items()}
    done: dict[str, str] = dict(map(json.loads, options.log.read_text().splitlines())) if options.log.is_file() else {}
    ends = defaultdict[str, Counter[str]](Counter)
    listed = 'git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents --target-directory "$0"'
    with tempfile.TemporaryDirectory(prefix="breaks-") as folder:
        (copy := Path(folder, "tree")).mkdir()
        Path(folder).chmod(0o755)  # walls with another user id have to read it
        subprocess.run(["bash", "-c", listed, copy], cwd=ROOT, check=True)
        for area, change in ((area, change) for area, row in drawn.items() for change in (None, *row)):
            name = f"{change.path}: {change.words}" if change else f"{area}, unbroken"
            if name not in done:
                done[name] = outcome(copy, area, change)
                with options.log.open("a") as log:
                    print(json.dumps([name, done[name]]), file=log)
            print(f"| {name} | {done[name]} |", flush=True)
            if change:
                ends[area][done[name]] += 1
            elif done[name] != "unnoticed":
                raise SystemExit("Not all tests pass without a break.")
    print("\n| area | breaks | noticed | timed out | unnoticed |\n|---|---|---|---|---|")
    for area, end in ends.items():
        print(f"| {area} | {end.total()} | {end['noticed']} | {end['timed out']} | {end['unnoticed']} |")
    return int(any(end["unnoticed"] for end in ends.values()))


if __name__ == "__main__":
    sys.exit(main())
