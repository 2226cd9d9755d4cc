"""What a GPU gives: ``python -m benchmarks.gpu --out gpu.json`` prints the README's tables.

Time there is scarce: each figure is kept at once, and the same command goes on after the last. The CPU's accuracies
are measured by the same command on a machine without a GPU, ``--sections training --seeds 3``, and given as ``--cpu``.
"""

import argparse
import json
import os
import statistics
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch

from autograder.verify.reference import reference
from benchmarks.training import METHODS, definitions, machine, make, silence, strength
from lifelong import Task, load_mnist, permuted_tasks, run, trainer
from lifelong.cuda_c.gpu import GpuProgram, has_gpu, time_addition
from lifelong.cuda_c.nvrtc import compile_ptx
from lifelong.cuda_c.translate import kernels

Row = dict[str, Any]
ROOT = Path(__file__).parents[1]
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


def trained(method: str, seed: int, graphs: bool, epochs: int) -> Row:
    """Seconds and final average accuracy in percent of five tasks, each step replayed as a graph or called."""
    captor = trainer.Capture if graphs else lambda function, device: function
    with silence(), mock.patch.object(trainer, "Capture", captor):
        history = run(make(method, strength(method)), tasks(seed), epochs=epochs, seed=seed)
    return {"seconds": history.seconds, "percent": 100 * float(history.average[-1])}


def training(seeds: int) -> Iterator[Row]:
    """Each method with graphs and, for one epoch, without; first in short, which loads what a first use loads."""
    for seed, method in product(range(seeds), METHODS):
        for graphs, epochs in [(True, 1), (True, 10), (False, 1)] if has_gpu() and not seed else [(True, 10)]:
            yield {"measure": trained, "method": method, "seed": seed, "graphs": graphs, "epochs": epochs}


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


def added(n: int) -> Row:
    """Seconds for c = a + b of n numbers: on the host, in the kernel, for the transfers."""
    source = (ROOT / "tests" / "lifelong" / "cuda_c" / "right.cu").read_text(encoding="utf-8")
    return vars(time_addition(source, "add", n))


def cuda(seeds: int) -> Iterator[Row]:
    """The right kernels, then vector addition."""
    yield from ({"measure": launched, "exercise": each, "n": n} for each, n in product(RIGHT, (1, 1000, 2**20)))
    yield from ({"measure": added, "n": 2**power} for power in (10, 14, 18, 22, 26) if has_gpu())


SECTIONS = {"cuda": cuda, "training": training}
"""Name → what is measured, each a function and its arguments."""


def fill(out: Path, sections: Sequence[str], seeds: int) -> None:
    """Measure what the file has not yet, and keep each row at once."""
    for row in (row for section in sections for row in SECTIONS[section](seeds)):
        measure = row.pop("measure")
        results = json.loads(out.read_text(encoding="utf-8"))
        if not any(row.items() <= each.items() for each in results["rows"]):
            results["rows"].append(attempted(measure, **row))
            out.write_text(json.dumps(results, indent=1), encoding="utf-8")


def agreement(first: Sequence[float], second: Sequence[float]) -> str:
    """The difference of two means and its standard error, from one variance for both; up to 3 errors they are equal."""
    squares = sum(len(each) * statistics.pvariance(each) for each in (first, second))
    error = (squares / (len(first) + len(second) - 2) * (1 / len(first) + 1 / len(second))) ** 0.5
    difference = statistics.mean(first) - statistics.mean(second)
    return f"{difference:+.2f} ± {error:.2f}, {'equal' if abs(difference) <= 3 * error else 'not equal'}"


def compared(method: str, here: Sequence[Row], cpu: Sequence[Row]) -> str:
    """A method's line of the table: seconds an epoch with graphs and without, mean ± deviation (seeds), agreement."""

    def of(rows: Sequence[Row], key: str, **where: Any) -> list[float]:
        return [row[key] for row in rows if key in row and {"method": method, **where}.items() <= row.items()]

    with_graphs, without = (of(here, "seconds", graphs=on, epochs=10 if on else 1) for on in (True, False))
    cells = [f"{statistics.median(with_graphs) / 10:.2f}" if with_graphs else "–", *(f"{each:.2f}" for each in without)]
    both = [of(rows, "percent", graphs=True, epochs=10) for rows in (here, cpu)]
    for each in both:
        spread = f" ± {statistics.stdev(each):.2f}" if len(each) > 1 else ""
        cells.append(f"{statistics.mean(each):.2f}{spread} ({len(each)})" if each else "–")
    return f"| {' | '.join([method, *cells, agreement(*both) if min(map(len, both)) > 1 else '–'])} |"


def report(here: Sequence[Row], cpu: Sequence[Row]) -> Iterator[str]:
    """The tables, then what failed."""
    yield "| method | with graphs, s an epoch | without | GPU, % (seeds) | CPU, % (seeds) | difference |"
    yield "|---|---|---|---|---|---|"
    yield from (compared(method, here, cpu) for method in METHODS)
    yield "\n| numbers added | host, ms | kernel, ms | transfers, ms |\n|---|---|---|---|"
    for row in (row for row in here if "transfers" in row):
        yield f"| {row['n']:,} | {' | '.join(f'{1000 * row[name]:.4g}' for name in ('host', 'kernel', 'transfers'))} |"
    yield f"\n{sum('right' in row for row in here)} launches of right kernels gave NumPy's results"
    yield from (str(row) for row in here if "failed" in row)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure section after section, then print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="JSON; what it has is not measured again"
    )
    parser.add_argument("--small", action="store_true", help="on a tiny budget, in about a minute")
    parser.add_argument("--sections", nargs="*", default=SECTIONS, choices=SECTIONS, help="all by default")
    parser.add_argument("--seeds", type=int, default=6, help="how many, from 0")
    parser.add_argument("--cpu", type=Path, metavar="FILE", help="what this command wrote on a machine without a GPU")
    options = parser.parse_args(arguments)
    if options.small:
        os.environ["LIFELONG_BUDGET"] = "tiny"
    elif "LIFELONG_DATA" not in os.environ:
        parser.error("it needs LIFELONG_DATA, a folder with MNIST/raw; without one there is --small")
    if not options.out.exists():
        options.out.write_text(json.dumps({"machine": machine(), "rows": []}), encoding="utf-8")
    fill(options.out, options.sections, options.seeds)
    nothing = {"machine": "not measured", "rows": []}
    here, cpu = (
        json.loads(each.read_text(encoding="utf-8")) if each else nothing for each in (options.out, options.cpu)
    )
    print(f"{here['machine']}; CPU: {cpu['machine']}\n", *report(here["rows"], cpu["rows"]), sep="\n")


if __name__ == "__main__":
    main()
