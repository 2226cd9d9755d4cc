"""What a class costs beyond grading, which is linear, as each submission is graded alone: up to ten thousand hand-ins.

    python -m benchmarks.large_class [SIZE …] [--drawn 24] [--seed 0] [--folder DIR] [--plot FILE]

Some submissions of a synthetic class are drawn and graded; what they got is recorded for as many students as wanted, in a
course of its own for each size, and the instructor's commands are run on it. Printed are milliseconds of processor time
per hand-in, of which busy neighbours take little, the most memory of a command, what lies on the disk, and the power of
the size with which each sum grows between the first size and the last.
"""

import itertools
import math
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Annotated

import psutil
import typer
from matplotlib import pyplot as plt
from rich.console import Console
from rich.table import Table

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.generate import register
from autograder.gradebook.record import record
from autograder.grading.classroom import find_submissions, grade_all
from autograder.grading.fingerprint import fingerprint, judge_hash
from autograder.grading.result import Result
from benchmarks.class_of_a_thousand import autograder, grade, handed_in
from benchmarks.processes import Cost
from benchmarks.synthetic_class import NAME, Drawer, Handin
from benchmarks.training import machine
from tests.places import COURSE

STEPS = {
    "grade again": partial(grade, jobs=None),
    **{name: lambda course, name=name: autograder(course, name, NAME) for name in ("feedback", "export", "report")},
}
"""The commands after all has been graded, as the instructor gives them."""

MEMORY = ("recording keeps", "a command's peak")
SIZES = (1000, 3000, 10_000)

Row = dict[str, float]
"""Column → what was measured for one size."""


def copies(drawn: Sequence[Handin], size: int) -> list[Handin]:
    """So many hand-ins, the drawn ones over and over, each by another student."""
    return [replace(each, number=at) for at, each in enumerate(itertools.islice(itertools.cycle(drawn), size), 1)]


def results(course: Course, handins: Sequence[Handin], graded: Sequence[bytes]) -> Iterator[Result]:
    """What each would get, were it graded: what the one that it is a copy of has got."""
    judge = judge_hash(Assignment.load(course, NAME))
    for handin, packed in zip(handins, itertools.cycle(graded), strict=False):
        student = student_of(handin)
        own = fingerprint(judge, student, handin.filename, handin.data)
        yield replace(Result.unpack(packed), student=student, fingerprint=own)


def student_of(handin: Handin) -> str:
    """The id under which it is handed in."""
    return f"s{handin.number:04d}"


def processor_seconds(step: Callable[[], Cost]) -> tuple[float, Cost]:
    """What the processes of a step took of the processors."""
    before = getrusage(RUSAGE_CHILDREN)
    cost = step()
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, cost


def megabytes(*places: Path) -> float:
    """What lies there, files and folders."""
    files = itertools.chain(*(place.rglob("*") if place.is_dir() else [place] for place in places))
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def row(folder: Path, handins: Sequence[Handin], graded: Sequence[bytes]) -> Row:
    """Record them in a course of their own, and run each command on it."""
    course = handed_in(folder, handins)
    register(course, NAME)
    begin, held = time.process_time(), psutil.Process().memory_info().rss
    record(results(course, handins, graded), course)
    found: Row = {"record": time.process_time() - begin}
    peaks, more = [], (psutil.Process().memory_info().rss - held) / 2**20
    for name, step in STEPS.items():
        found[name], cost = processor_seconds(partial(step, course))
        peaks.append(cost.peak_mb)
        print(f"{len(handins)}: {name}, {found[name]:.1f} s of the processors", file=sys.stderr, flush=True)
    places = {"gradebook": course.root / "gradebook.db", "graded copies": course.autograded}
    places |= {"pages": course.feedback, "report's page": course.root / "report"}
    found |= {"recording keeps": more, "a command's peak": max(peaks)}
    return found | {name: megabytes(place) for name, place in places.items()}


def table(rows: dict[int, Row]) -> Table:
    """A line per size: per hand-in what grows with it, and the power with which it grows."""
    first, last = min(rows), max(rows)
    shown = Table(title="milliseconds of processor time a hand-in; memory in MiB; on the disk, kB a hand-in")
    shown.add_column("hand-ins")
    for name in rows[last]:
        shown.add_column(name, justify="right")
    for size, found in rows.items():
        each = {name: value if name in MEMORY else 1000 * value / size for name, value in found.items()}
        shown.add_row(f"{size:,}", *(f"{value:.3g}" for value in each.values()))
    if last > first:
        grown = [found / rows[first][name] if rows[first][name] else 0 for name, found in rows[last].items()]
        powers = [math.log(each, last / first) if each > 0 else math.nan for each in grown]
        shown.add_row("grows with the power", *(f"{power:.2f}" for power in powers))
    return shown


def plot(rows: dict[int, Row], path: Path) -> None:
    """Processor seconds of each step over the size, both axes logarithmic."""
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    for name in ("record", *STEPS):
        axes.loglog(list(rows), [found[name] for found in rows.values()], marker="o", label=name)
    axes.set(xlabel="hand-ins", ylabel="processor seconds", title="What a class costs beyond grading")
    axes.legend()
    figure.savefig(path)


def main(
    sizes: Annotated[list[int] | None, typer.Argument(help="Hand-ins; 1000 3000 10000 by default.")] = None,
    drawn: int = 24,
    seed: int = 0,
    folder: Annotated[Path | None, typer.Option(help="Where courses are made, and removed; a temporary one.")] = None,
    chart: Annotated[Path | None, typer.Option("--plot", help="Draw the seconds there.")] = None,
) -> None:
    """Measure each size, and print the table."""
    console, rows = Console(width=140), dict[int, Row]()
    with tempfile.TemporaryDirectory(prefix="large-", dir=folder) as temporary:
        place = Path(temporary)
        handins = list(Drawer(Assignment.load(COURSE, NAME), seed).draw(drawn))
        course = handed_in(place / "drawn", handins)
        came = {each.student: each for each in grade_all(Assignment.load(course, NAME), find_submissions(course, NAME))}
        graded = [came[student_of(each)].pack() for each in handins]
        for size in sizes or SIZES:
            rows[size] = row(place / str(size), copies(handins, size), graded)
            shutil.rmtree(place / str(size))
            console.print(table(rows))
    console.print(machine())
    if chart:
        plot(rows, chart)


if __name__ == "__main__":
    typer.run(main)
