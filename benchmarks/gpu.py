"""What a GPU gives, in eight minutes: ``python -m benchmarks.gpu --out gpu.json`` prints the README's tables.

Time there is scarce: a section is a process with an end, so that none costs another; each figure is kept at once.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch

from autograder.verify.reference import reference
from benchmarks.training import METHODS, definitions, machine, make, processor, silence, strength
from lifelong import Task, load_mnist, permuted_tasks, run, trainer
from lifelong.budget import budget
from lifelong.cuda_c.gpu import GpuProgram, has_gpu, time_addition
from lifelong.cuda_c.nvrtc import compile_ptx
from lifelong.cuda_c.translate import kernels

Row = dict[str, Any]
ROOT = Path(__file__).parents[1]
SPAWN = multiprocessing.get_context("spawn")
WORKERS = {"cuda": 4, "cpu": 12}  # device → runs at once while accuracies are measured, of one thread each
RIGHT: dict[str, tuple[str, type, Callable[[Any, Any], Any]]] = {
    "c_slide": ("slide_program", np.int32, np.add),
    "c_memory": ("mean_program", np.float32, lambda x, y: (x + y) / 2),
    "c_dot_product": ("dot_program", np.float32, lambda x, y: x.astype(np.float64) @ y),
}
"""Exercise → its function, the arrays' dtype, and what the kernel makes of two arrays."""


def attempted(measure: Callable[..., Row], **row: Any) -> Row:
    """The row with what was measured for it, or with why nothing was."""
    try:
        return {**row, **measure(**row)}
    except Exception:
        return {**row, "failed": traceback.format_exc(limit=-3)}


@cache
def tasks(seed: int) -> list[Task]:
    """Permuted MNIST as ``benchmarks.compare`` has it: a seed has permutations of its own."""
    return permuted_tasks(load_mnist(), definitions()["permute"], seed=seed)


def trained(method: str, seed: int, device: str | None, graphs: bool, epochs: int) -> Row:
    """Seconds and final average accuracy in percent of five tasks, each step replayed as a graph or called."""
    captor = trainer.Capture if graphs else lambda function, device: function
    with silence(), mock.patch.object(trainer, "Capture", captor):
        history = run(make(method, strength(method)), tasks(seed), epochs=epochs, seed=seed, device=device)
    return {"seconds": history.seconds, "percent": 100 * float(history.average[-1])}


def training(end: float) -> Iterator[Row]:
    """Each method with graphs and without, alone on the machine; first in short, which loads what a first use loads."""
    for method, graphs, epochs in product(METHODS, (True, False), (1, 10)):
        row: Row = {"method": method, "seed": 0, "device": None, "graphs": graphs, "epochs": epochs}
        yield attempted(trained, **row) if time.time() < end else {**row, "left_out": "no time"}


def accuracy(end: float) -> Iterator[Row]:
    """All seeds on both devices at once, seed by seed, until the time is over; what still runs ends with this process."""
    waiting = []
    for device, workers in WORKERS.items() if has_gpu() else [("cpu", 2)]:
        pool = SPAWN.Pool(1 if budget() else workers, torch.set_num_threads, (1,))
        for seed, method in product(range(2 if budget() else 10), METHODS):
            row = {"method": method, "seed": seed, "device": device, "graphs": True, "epochs": 10}
            waiting.append(pool.apply_async(attempted, (trained,), row))
    for each in waiting:
        each.wait(max(end - time.time(), 0))
        if each.ready():
            yield each.get()


def launched(exercise: str, n: int) -> Row:
    """NVRTC takes the right solution, and on a GPU its kernel makes of n numbers what NumPy does, to 1e-4."""
    function, dtype, result = RIGHT[exercise]
    source = reference(ROOT / "solutions" / "cuda_vector_addition" / "cuda_vector_addition.py")[function]()
    if not has_gpu():
        return {"lines": len(compile_ptx(source).splitlines())}
    x, y = np.random.default_rng(n).integers(0, 100, (2, n)).astype(dtype)
    expected = np.atleast_1d(result(x, y))
    there = [torch.from_numpy(array).cuda() for array in (x, y, np.zeros(len(expected), dtype))]
    GpuProgram(source).launch(kernels(source)[0], (-(-n // 256), 1, 1), (256, 1, 1), [*there, n])
    np.testing.assert_allclose(there[2].cpu().numpy(), expected, rtol=1e-4)
    return {"right": True}


def cuda(end: float) -> Iterator[Row]:
    """The right kernels, and c = a + b of n numbers: on the host, in the kernel, for the transfers."""
    yield from (attempted(launched, exercise=exercise, n=n) for exercise, n in product(RIGHT, (1, 1000, 2**20)))
    source = (ROOT / "tests" / "lifelong" / "cuda_c" / "right.cu").read_text(encoding="utf-8")
    for power in (10, 14, 18, 22, 26) if has_gpu() else ():
        yield attempted(lambda n: vars(time_addition(source, "add", n)), n=2**power)


SECTIONS = {"cuda": (cuda, 60), "training": (training, 160), "accuracy": (accuracy, 260)}
"""Name → what measures it, row by row, and how many seconds it may take."""


def fill(out: Path, section: str, measure: Callable[[float], Iterable[Row]], end: float) -> None:
    """Measure one section, which begins nothing after its end, and keep each row at once."""
    for row in measure(end):
        results = json.loads(out.read_text(encoding="utf-8"))
        results["rows"].append({"section": section, **row})
        out.write_text(json.dumps(results, indent=1), encoding="utf-8")


def agreement(first: Sequence[float], second: Sequence[float]) -> str:
    """The difference of two means and its standard error, from one variance for both; up to 3 errors they are equal."""
    squares = sum(len(each) * statistics.pvariance(each) for each in (first, second))
    error = (squares / (len(first) + len(second) - 2) * (1 / len(first) + 1 / len(second))) ** 0.5
    difference = statistics.mean(first) - statistics.mean(second)
    return f"{difference:+.2f} ± {error:.2f}, {'equal' if abs(difference) <= 3 * error else 'not equal'}"


def compared(method: str, rows: Sequence[Row]) -> str:
    """A method's line of the table: seconds with graphs and without, mean ± deviation (seeds), and agreement."""

    def of(key: str, **where: Any) -> list[float]:
        wanted = {"method": method, "epochs": 10, **where}
        return [row[key] for row in rows if key in row and wanted.items() <= row.items()]

    cells = [" ".join(f"{each:.1f}" for each in of("seconds", section="training", graphs=on)) for on in (True, False)]
    both = [of("percent", section="accuracy", device=device) for device in ("cuda", "cpu")]
    for each in both:
        spread = f" ± {statistics.stdev(each):.2f}" if len(each) > 1 else ""
        cells.append(f"{statistics.mean(each):.2f}{spread} ({len(each)})" if each else "–")
    return f"| {' | '.join([method, *cells, agreement(*both) if all(both) else '–'])} |"


def report(rows: Sequence[Row]) -> Iterator[str]:
    """The tables, then what was left out and what failed."""
    yield "| method | with graphs, s | without, s | GPU, % (seeds) | CPU, % (seeds) | difference |\n|---|---|---|---|---|---|"
    yield from (compared(method, rows) for method in METHODS)
    yield "\n| numbers added | host, ms | kernel, ms | transfers, ms |\n|---|---|---|---|"
    for row in (row for row in rows if "transfers" in row):
        yield f"| {row['n']:,} | {' | '.join(f'{1000 * row[name]:.4g}' for name in ('host', 'kernel', 'transfers'))} |"
    yield f"\n{sum('right' in row for row in rows)} launches of right kernels gave NumPy's results"
    yield from (str(row) for row in rows if {"left_out", "failed"} & row.keys())


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure section after section, then print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="JSON, written after each measurement")
    parser.add_argument("--small", action="store_true", help="what a CPU can do, on a tiny budget, in about a minute")
    parser.add_argument("--sections", nargs="+", default=SECTIONS, choices=SECTIONS, help="all by default")
    options = parser.parse_args(arguments)
    if options.small:
        os.environ["LIFELONG_BUDGET"] = "tiny"
    elif not has_gpu() or "LIFELONG_DATA" not in os.environ:
        parser.error("it needs a GPU, and LIFELONG_DATA, a folder with MNIST/raw; without them there is --small")
    options.out.write_text(json.dumps({"machine": machine(), "processor": processor(), "rows": []}), encoding="utf-8")
    for section in options.sections:
        measure, seconds = SECTIONS[section]
        process = SPAWN.Process(target=fill, args=(options.out, section, measure, time.time() + seconds - 20))
        process.start()
        process.join(seconds)
        if process.exitcode != 0:
            process.kill()
            fill(options.out, section, lambda _: [{"failed": f"its process: {process.exitcode}"}], 0)  # noqa: B023 - called at once
    rows = json.loads(options.out.read_text(encoding="utf-8"))["rows"]
    print(f"{machine()}\n", *report(rows), sep="\n")


if __name__ == "__main__":
    main()
