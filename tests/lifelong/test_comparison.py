"""Whole experiments: several methods and seeds, the ceilings, and what an interruption costs."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from lifelong import Comparison, History, Method, Params, Task, accuracy, compare, joint_task, mlp, plots, run
from lifelong.checkpoint import Checkpoint
from tests.lifelong.small_runs import Spring, same

pytestmark = pytest.mark.heavy

OPTIONS: dict[str, Any] = {"epochs": 2, "batch_size": 64, "precision": "float32", "device": "cpu"}


class Noisy(Spring):
    """A guard whose importances are drawn at random, from torch's global generator, and add up."""

    def importance(self, model: nn.Module) -> Params:
        return {n: self.omega.get(n, torch.zeros(())) + torch.rand_like(p) for n, p in model.named_parameters()}


def test_every_method_and_seed_is_the_run_of_its_own(tasks: list[Task]) -> None:
    comparison = compare({Method: 0.0, Noisy: 0.1}, tasks, seeds=2, **OPTIONS)
    assert comparison.names == ["Baseline", "Noisy"]
    for seed, history in enumerate(comparison.of("Noisy")):
        noisy = Noisy()
        noisy.strength = 0.1
        assert same(history, run(noisy, tasks, seed=seed, **OPTIONS))
    first, second = comparison.of("Baseline")
    assert not same(first, second)


def test_tasks_may_depend_on_the_seed(tasks: list[Task]) -> None:
    asked: list[int] = []

    def drawn(seed: int) -> list[Task]:
        asked.append(seed)
        return tasks[seed : seed + 1]

    comparison = compare({Method: 0.0}, drawn, seeds=(2, 0), **OPTIONS)
    assert asked == [2, 0]
    assert comparison.seeds == (2, 0)
    assert same(comparison.histories[0], run(Method(), tasks[2:], seed=2, **OPTIONS))
    with pytest.raises(ValueError, match="at least one seed"):
        compare({Method: 0.0}, tasks, seeds=0)


def test_the_ceilings_are_joint_and_single_training(tasks: list[Task]) -> None:
    comparison = compare({Method: 0.0}, tasks, seeds=1, ceilings=True, **OPTIONS)
    assert comparison.joint is not None
    assert comparison.single is not None
    union = joint_task(tasks)
    assert len(union.train) == sum(len(task.train) for task in tasks)
    torch.manual_seed(0)
    model = mlp()
    run(Method(), [union], model=model, seed=0, **OPTIONS)
    assert float(comparison.joint[0]) == pytest.approx(sum(accuracy(model, task.test) for task in tasks) / 3)
    for index, task in enumerate(tasks):
        alone = run(Method(), [task], seed=0, **OPTIONS)
        assert float(comparison.single[0, index]) == pytest.approx(float(alone.average[-1]))


def test_the_table_holds_mean_and_spread() -> None:
    def history(last: list[float]) -> History:
        accuracies = torch.tensor([[0.9, 0.1], last], dtype=torch.float64)
        return History("EWC", 5.0, 1, accuracies, torch.zeros(2), seconds=2.0, machine="cpu in float32")

    comparison = Comparison(
        (0, 1),
        (history([0.7, 0.9]), history([0.8, 0.9])),
        joint=torch.tensor([0.95, 0.97]),
        single=torch.tensor([[0.9, 1.0], [0.9, 1.0]]),
    )
    lines = comparison.table({"first": lambda R: float(R[0, 0])}).splitlines()
    assert lines[0] == "| method | λ | average accuracy, % | first, % | seconds |"
    assert lines[2] == "| EWC | 5 | 82.50 ± 3.54 | 90.00 ± 0.00 | 2 |"
    assert lines[3] == "| all tasks together |  | 96.00 ± 1.41 |  |  |"
    assert lines[4] == "| each task alone |  | 95.00 ± 0.00 |  |  |"
    assert str(comparison) == comparison.table()


def test_the_curves_of_several_seeds_are_one_line_and_a_band(tasks: list[Task]) -> None:
    comparison = compare({Method: 0.0, Noisy: 0.1}, tasks[:2], seeds=2, **OPTIONS)
    axes = plots.accuracy_curves(comparison.histories).axes[0]
    lines = [line for line in axes.lines if len(line.get_xdata()) == 4]
    assert len(lines) == 2
    assert len(axes.collections) == 2
    mean = sum(100 * history.average for history in comparison.of("Noisy")) / 2
    assert torch.allclose(torch.tensor(lines[1].get_ydata()), torch.as_tensor(mean))


def test_what_is_finished_is_not_trained_again(tasks: list[Task], tmp_path: Path) -> None:
    begun: list[Method] = []

    class Counting(Noisy):
        def begin_task(self, model: nn.Module) -> None:
            begun.append(self)

    first = compare({Counting: 0.1}, tasks, seeds=2, folder=tmp_path, **OPTIONS)
    assert len(begun) == 6
    second = compare({Counting: 0.1}, tasks, seeds=2, folder=tmp_path, **OPTIONS)
    assert len(begun) == 6
    for one, other in zip(first.histories, second.histories, strict=True):
        assert same(one, other)
        assert one.importances is not None
        assert other.importances is not None
        assert all(torch.equal(one.importances[name], other.importances[name]) for name in one.importances)
        assert one.seconds == other.seconds
    compare({Counting: 0.2}, tasks, seeds=1, folder=tmp_path, **OPTIONS)
    assert len(begun) == 9
    compare({Counting: 0.1}, tasks, seeds=1, folder=tmp_path, **{**OPTIONS, "epochs": 1})
    assert len(begun) == 12
    assert not list(tmp_path.glob("*.part"))


def test_other_code_is_another_training(tasks: list[Task], tmp_path: Path) -> None:
    """As in a notebook: the class is defined again, under its old name, with another body or another helper."""
    source = textwrap.dedent("""
        from lifelong import Method
        def helper(): return {helper}
        class Mine(Method):
            rate = {rate}
            def begin_task(self, model):
                self.seen = {seen} + helper()
    """)
    for count, changed in enumerate(({}, {"helper": 2}, {"rate": 0.2}, {"seen": 7}), start=1):
        names: dict[str, Any] = {"__name__": "notebook"}
        exec(source.format(**{"helper": 1, "rate": 0.1, "seen": 0, **changed}), names)
        for _ in range(2):
            compare({names["Mine"]: 0.0}, tasks[:1], seeds=1, folder=tmp_path, **OPTIONS)
            assert len(list(tmp_path.iterdir())) == count


def test_a_damaged_checkpoint_is_named(tasks: list[Task], tmp_path: Path) -> None:
    run(Method(), tasks[:1], folder=tmp_path, **OPTIONS)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:1000])
    with pytest.raises(ValueError, match=r"Baseline-seed0-\w+\.pt is not a checkpoint .* delete it"):
        run(Method(), tasks[:1], folder=tmp_path, **OPTIONS)


def test_a_method_that_cannot_be_stored_is_trained_all_the_same(tasks: list[Task], tmp_path: Path) -> None:
    class Holding(Method):
        def begin_task(self, model: nn.Module) -> None:
            self.model = model

    with pytest.warns(UserWarning, match="cannot be resumed: the method holds more than tensors"):
        history = run(Holding(), tasks[:1], folder=tmp_path, **OPTIONS)
    assert same(history, run(Method(), tasks[:1], **OPTIONS))
    assert not list(tmp_path.iterdir())


SCRIPT = """
import os, sys, torch
torch.set_num_threads(1)
from lifelong import compare, load_mnist, permuted_tasks
sys.path.insert(0, sys.argv[1])
from tests.lifelong.test_comparison import OPTIONS, Noisy
data = load_mnist()
del os.environ["LIFELONG_BUDGET"]
tasks = permuted_tasks(data, lambda images, order: images[:, order], count=4)
comparison = compare({Noisy: 0.1}, tasks, seeds=1, folder=sys.argv[2], **OPTIONS)
torch.save(comparison.histories[0].matrix, sys.argv[3])
"""


def test_a_killed_training_goes_on_to_the_same_end(tmp_path: Path) -> None:
    """SIGKILL as soon as another task has been kept, until the training gets through."""

    def start(folder: str, result: str) -> subprocess.Popen[bytes]:
        arguments = [Path(__file__).parent, tmp_path / folder, tmp_path / result]
        environment = {**os.environ, "LIFELONG_BUDGET": "tiny"}
        return subprocess.Popen([sys.executable, "-c", SCRIPT, *map(str, arguments)], env=environment)

    assert start("whole", "whole.pt").wait() == 0
    kept, kills = 0.0, 0
    while True:
        process = start("broken", "broken.pt")
        while process.poll() is None:
            times = [file.stat().st_mtime_ns for file in (tmp_path / "broken").glob("*.pt")]
            if times and times[0] > kept and kills < 2:
                kept = times[0]
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                break
            time.sleep(0.01)
        else:
            break
    assert process.returncode == 0
    assert kills == 2
    assert torch.equal(torch.load(tmp_path / "whole.pt"), torch.load(tmp_path / "broken.pt"))
    ends = [Checkpoint(next((tmp_path / each).glob("*.pt"))).load() for each in ("whole", "broken")]
    whole, broken = (end["trainer"]["model"] for end in ends if end)
    assert all(torch.equal(whole[name], broken[name]) for name in whole)
