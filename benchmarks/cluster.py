"""A class graded by Dask's workers on this machine, beside our own processes: ``python -m benchmarks.cluster [WORKERS …]``.

    [--size 24] [--seed 0]

The same undamaged submissions are graded by one process per processor, then by so many workers each, then by the last
number of workers, one of which is killed in the middle. Printed are seconds on the clock, the machine's busy processor
seconds per submission (so nothing else should run), and how many results are the same to the letter.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import psutil
import typer
from distributed import LocalCluster

from autograder.course.assignment import Assignment
from autograder.processors import processors
from benchmarks.class_of_a_thousand import autograder, handed_in, results
from benchmarks.synthetic_class import NAME, Drawer
from benchmarks.training import machine
from tests.places import COURSE

KILLED_AFTER = 1 / 2
"""Of the time that all workers took without a death."""


@contextmanager
def cluster(workers: int, killed_after: float | None) -> Iterator[list[str]]:
    """The options that grade on so many workers, one of which is killed after some seconds."""
    if not workers:
        yield []
        return
    with LocalCluster(workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as local:
        worker = next(iter(local.workers.values()))
        killer = threading.Timer(killed_after or 0.0, lambda: psutil.Process(worker.pid).kill())
        if killed_after:
            killer.start()
        yield ["--cluster", local.scheduler_address]
        killer.cancel()


def busy() -> float:
    """Processor seconds that this machine has worked so far."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def main(workers: Annotated[list[int] | None, typer.Argument()] = None, size: int = 24, seed: int = 0) -> None:
    """Measure and print; ends with 1 if a result is another."""
    os.environ["AUTOGRADER_SEED"] = str(seed)  # one for all courses
    assignment, numbers = Assignment.load(COURSE, NAME), workers or [2, 4, 8]
    handins = list(Drawer(assignment, seed).undamaged(size))
    print(f"{machine()}\n\n| graded by | s | processor-s each | same results |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="cluster-") as folder:
        right, seconds = {}, 0.0
        for number, dies in [(0, False), *((each, False) for each in numbers), (numbers[-1], True)]:
            course = handed_in(Path(folder) / f"{number}-{dies}", handins)
            with cluster(number, seconds * KILLED_AFTER if dies else None) as options:
                begin, before = time.perf_counter(), busy()
                autograder(course, "grade", NAME, "--json", "results.json", *options)
                seconds, each = time.perf_counter() - begin, (busy() - before) / size
            right = right or results(course)
            same = sum(right[student] == result for student, result in results(course).items())
            whose = f"{number} workers{', one killed' * dies}" if number else f"{processors()} processes of ours"
            print(f"| {whose} | {seconds:.1f} | {each:.2f} | {same} of {size} |", flush=True)
            if same < size:
                sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
