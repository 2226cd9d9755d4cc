"""The simulated GPU: planted faults are found and named, right kernels are not accused, results are those of a GPU."""

import json
import linecache
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lifelong.cuda import CudaError, Finding, Kind, draw, kernel, recording, shared, syncthreads, threadIdx
from lifelong.cuda.runtime import cudaDeviceReset, device_array, to_device
from lifelong.cuda.source import build, take
from tests.course.lecture_reference import drawn
from tests.lifelong import cuda_faults
from tests.lifelong.cuda_faults import BARRIER, FAULTS, RACE, adds_up, fed, moves, no_guard
from tests.lifelong.cuda_kernels import RIGHT, add, numbers
from tests.places import table

pytestmark = pytest.mark.heavy


@pytest.fixture(autouse=True)
def _no_leaks() -> Iterator[None]:
    """Each test begins and ends with an empty device."""
    with recording():
        cudaDeviceReset()
    yield
    with recording():
        cudaDeviceReset()


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("seed", range(4))
def test_a_right_kernel_is_right_in_any_order_and_not_accused(name: str, seed: int) -> None:
    case = RIGHT[name]
    args = [to_device(each) if isinstance(each, np.ndarray) else each for each in case.args]
    travelled = build(json.loads(json.dumps(take({"k": case.kernel}, "k"))))
    with recording(seed, interleaved=seed > 0) as record:
        (travelled if seed % 2 else case.kernel)[case.grid, case.block](*args)
    assert record.findings == []
    if case.result is not None:
        np.testing.assert_allclose(args[case.position].copy_to_host(), case.result)
    else:
        edge = [2, *[3] * 7, 2]
        np.testing.assert_array_equal(args[-1].copy_to_host(), np.outer([2, 3, 3, 3, 3, 2], edge))


def found(run: Callable[[], Any]) -> tuple[Finding, ...]:
    with pytest.raises(CudaError) as raised:
        run()
    assert raised.value._render_traceback_() == [f"✗ {each.kind}: {each.text}" for each in raised.value.findings]
    return raised.value.findings


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_named(name: str) -> None:
    fault = FAULTS[name]
    findings = found(fault.run)
    same = [each for each in findings if each.kind is fault.kind and each.array == fault.array]
    assert same, findings
    finding = same[0]
    assert finding.index == fault.index or fault.kind is BARRIER
    assert finding.threads == fault.threads
    for place in fault.threads:
        assert str(place) in finding.text
    if fault.index:
        assert f"{fault.array}[{', '.join(map(str, fault.index))}]" in finding.text


def test_the_table_has_every_kind() -> None:
    assert {fault.kind for fault in FAULTS.values()} == set(Kind)


@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if fault.kind in (RACE, BARRIER)])
def test_what_depends_on_the_order_is_found_in_every_order(name: str) -> None:
    for seed in range(5):
        with recording(seed, interleaved=seed > 0) as record:
            FAULTS[name].run()
        assert FAULTS[name].kind in {finding.kind for finding in record.findings}


def test_a_finding_names_the_line_of_the_kernel() -> None:
    source = Path(cuda_faults.__file__).read_text(encoding="utf-8").split("\n")
    (finding,) = found(FAULTS["a read behind the end"].run)
    assert source[finding.line - 1].strip() == "c[i + target] = a[i + source]"
    assert f"line {finding.line}" in finding.text
    assert finding.kernel == "moves"


def test_cells_that_the_same_words_fit_are_counted() -> None:
    (finding,) = found(fed(no_guard, 4, 4, 1, 6))
    assert finding.count == 10
    assert finding.text.endswith("9 more cells likewise.")


# What a GPU does, and Python would not.


def test_a_race_shows_in_the_result_or_one_by_one_hides_there_but_is_found() -> None:
    totals = set()
    for seed in range(5):
        total = to_device(np.zeros(1))
        with recording(seed):
            adds_up[4, 32](to_device(np.ones(128)), total)
        totals.add(float(total.copy_to_host()[0]))
    assert max(totals) < 128
    assert len(totals) > 1
    total = to_device(np.zeros(1))
    with recording(interleaved=False) as record:
        adds_up[4, 32](to_device(np.ones(128)), total)
    assert total.copy_to_host()[0] == 128
    assert [finding.kind for finding in record.findings] == [RACE]


def test_a_missing_barrier_gives_wrong_sums() -> None:
    wrong = 0
    for seed in range(10):
        total = to_device(np.zeros(1))
        with recording(seed):
            cuda_faults.barrier_missing[1, 32](to_device(np.ones(32)), total)
        wrong += total.copy_to_host()[0] != 32
    assert wrong >= 9


def test_the_same_seed_gives_the_same_order() -> None:
    def run(seed: int) -> list[tuple[Any, ...]]:
        with recording(seed) as record:
            adds_up[2, 8](to_device(numbers(16)), to_device(np.zeros(1)))
        return [(each.thread, each.kind) for each in record.launches[0].accesses if each.array == "c"]

    assert run(3) == run(3)
    assert run(3) != run(4)


def test_an_access_out_of_bounds_hits_the_memory_beside() -> None:
    c = device_array(6, np.float64)
    with recording():
        no_guard[1, 8](to_device(np.ones(1)), c)
    whole = c.raw()
    beside = len(whole) - 64
    assert whole[beside : beside + 2].tolist() == [1, 1]
    assert np.isnan(whole[beside + 2])


def test_memory_is_of_its_type_and_unwritten_memory_is_no_zero() -> None:
    @kernel
    def third(x):
        x[0] = 1 / 3

    x = device_array(2)
    third[1, 1](x)
    with recording() as record:
        values = x.copy_to_host()
    assert values[0] == np.float32(1 / 3)
    assert np.isnan(values[1])
    assert record.findings[0].kind is Kind.UNWRITTEN_OUTPUT


def test_every_access_is_recorded() -> None:
    launch = add[2, 2](to_device(numbers(3)), to_device(numbers(3)), device_array(3, np.float64), 3)
    accesses = launch.accesses
    assert len(accesses) == 9
    last = [each for each in accesses if each.array == "c" and each.index == (2,)]
    (found,) = ((each.block, each.thread, each.kind, each.value, each.epoch) for each in last)
    assert found == ((1, 0, 0), (0, 0, 0), "write", 4.0, 0)
    assert repr(launch) == "<add: 2 blocks of 2 threads, 9 accesses, no fault found>"


def test_a_hundred_thousand_threads_are_run_and_recorded() -> None:
    n = 100_000
    x = np.arange(n, dtype=np.float32)
    c = device_array(n)
    launch = add[-(-n // 256), 256](to_device(x), to_device(x), c, n)
    np.testing.assert_array_equal(c.copy_to_host(), 2 * x)
    assert len(launch.logs()[2][2]) == n


# How a kernel may be written.


def test_python_in_kernels_means_what_it_means() -> None:
    offset = 10.0

    @kernel
    def mixed(x: Any, where: Any, y: Any, factor: float = 2.0, *, extra: float = 1.0) -> None:
        """Defaults, closures, tuples, conditions, chained comparisons, local lists, f-strings, walrus, nested index."""
        i = threadIdx.x
        own = [0.0, 0.0]
        own[0], own[1] = x[where[i]], factor
        if 0 <= (k := i) < 4 and x[k] >= 0:
            y[i] = own[0] * own[1] + extra + (offset if own[0] < 2 else -offset)
        label = f"{y[i]:.0f}"
        y[i], own[0] = float(label), y[i]

    x, where, y = to_device(numbers(4)), to_device(np.array([3, 0, 2, 1], np.int32)), device_array(4, np.float64)
    mixed[1, 4](x, where, y)
    assert y.copy_to_host().tolist() == [-3, 11, -5, 13]
    mixed[1, 4](x, where, y, 1.0, extra=0.0)
    assert y.copy_to_host().tolist() == [-7, 10, -8, 11]


@pytest.mark.parametrize(
    ("run", "error", "words"),
    [
        (lambda: add(1, 2, 3, 4), TypeError, r"add\[blocks, threads\]"),
        (lambda: add[4](1), TypeError, "a grid and a block"),
        (lambda: add[1, 1](1), TypeError, "missing a required argument: 'b'"),
        (lambda: threadIdx.x, RuntimeError, "use it in a kernel"),
        (lambda: syncthreads(), RuntimeError, "use it in a kernel"),
        (lambda: shared.array(3), RuntimeError, "use it in a kernel"),
        (lambda: device_array(0), ValueError, "at least one cell"),
        (lambda: device_array(3, np.complex64), TypeError, "not complex64"),
        (fed(moves, 1, 2, 3), TypeError, "missing a required argument"),
    ],
)
def test_misuse_is_explained(run: Callable[[], Any], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        run()


def test_an_error_in_a_kernel_says_which_thread_raised_it() -> None:
    @kernel
    def halves(x):
        x[threadIdx.x / 2] = 1.0

    with pytest.raises(TypeError, match="use // where you divide") as raised:
        halves[1, 1](to_device(numbers(2)))
    assert raised.value.__notes__ == ["raised by thread 0 of block 0 of the kernel halves"]


def test_threads_that_never_end_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifelong.cuda.schedule.MOST_ACCESSES", 2000)

    @kernel
    def waits(x):
        while x[0] < 1:
            pass

    with pytest.raises(RuntimeError, match="a loop without end"):
        waits[1, 2](to_device(numbers(1)))


# Pictures.


@pytest.mark.parametrize("name", ["vector addition", "block sum, tree", "2-D index", "naive convolution", "3-D grid"])
def test_a_launch_is_drawn(name: str) -> None:
    case = RIGHT[name]
    args = [to_device(each) if isinstance(each, np.ndarray) else each for each in case.args]
    case.kernel[case.grid, case.block](*args)
    assert drawn(draw())


def test_the_picture_shows_each_access_and_what_is_wrong() -> None:
    with recording() as record:
        add[2, 2](to_device(numbers(3)), to_device(numbers(3)), device_array(3, np.float64), 3)
        moves[1, 4](to_device(numbers(4)), device_array(4, np.float64), -1)
    right, wrong = (launch.draw() for launch in record.launches)
    assert right is not None
    assert wrong is not None
    arrows = [each for each in right.axes[0].texts if getattr(each, "arrow_patch", None) is not None]
    assert len(arrows) == 9
    assert wrong.axes[0].get_xlabel() == "✗ out of bounds"
    assert "-1" in [each.get_text() for each in wrong.axes[0].texts]


REFUSED = table("lifelong/cuda_refused.toml")["refused"]


@pytest.mark.parametrize(("body", "words"), REFUSED)
def test_what_a_kernel_cannot_contain_is_named(body: str, words: str) -> None:
    text = f"def k(x):\n    {body}\n"
    names = {"kernel": kernel, "threadIdx": threadIdx, "syncthreads": syncthreads, "np": np, "memory": [1]}
    linecache.cache["<cell k>"] = (len(text), None, text.splitlines(keepends=True), "<cell k>")
    exec(compile(text, "<cell k>", "exec"), names)
    with pytest.raises(TypeError, match=f"^a kernel cannot {re.escape(words)}"):
        build(take({"k": kernel(names["k"])}, "k"))
