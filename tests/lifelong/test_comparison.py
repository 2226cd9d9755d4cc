"""Whole experiments: several methods and seeds, the ceilings, and what an interruption costs."""

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from lifelong import Comparison, History, Method, Params, Split, Task, accuracy, compare, joint_task, mlp, plots, run
from lifelong.fingerprint import of_tensors
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


STOPS = dict[int, Any]()
"""What is called at the beginning of a task, counted from 1, to stop the training."""


class Stopping(Noisy):
    """Its importances add up, so that each interruption shows in the last."""

    def __init__(self, **settings: float | Tensor) -> None:
        super().__init__()
        vars(self).update(settings)
        self.begun = 0

    def begin_task(self, model: nn.Module) -> None:
        self.begun += 1
        STOPS.get(self.begun, int)()


def network(seed: int = 1) -> nn.Sequential:
    """A small one that draws at random in training, too."""
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(784, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 10))


def kept(folder: Path, tasks: list[Task], **options: Any) -> tuple[History, nn.Module]:
    """A short training with a checkpoint in the folder after each task."""
    usual = {"method": Stopping(), "tasks": tasks, "model": network(), "folder": folder, "seed": 3, "quiet": True}
    settings = OPTIONS | usual | options
    return run(**settings), settings["model"]


@pytest.fixture
def few(tasks: list[Task]) -> list[Task]:
    """80 images of each task."""
    return [Task(each.train.take(slice(80)), each.test.take(slice(50)), each.permutation) for each in tasks]


def stopped_here(folder: Path, few: list[Task], task: int) -> None:
    STOPS[task] = partial(int, "an error")
    with pytest.raises(ValueError, match="an error") as caught:
        kept(folder, few)
    assert caught.value.__notes__ == [f"(while training: Stopping.begin_task in task {task}, step 0)"]
    STOPS.clear()
    torch.rand(task)  # as a notebook may meanwhile


def killed(folder: Path, few: list[Task], task: int) -> None:
    torch.save(few, folder / "tasks.pt")
    code = f"from tests.lifelong.test_comparison import kill; kill({str(folder)!r}, {task})"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL


def kill(folder: str, task: int) -> None:
    """What ``killed`` runs in a process of its own: a training that is killed at the beginning of a task."""
    STOPS[task] = partial(os.kill, os.getpid(), signal.SIGKILL)
    kept(Path(folder), torch.load(Path(folder) / "tasks.pt", weights_only=False))


@pytest.mark.parametrize("stop", [stopped_here, killed])
def test_a_training_that_is_stopped_goes_on_to_the_same_end(stop: Any, few: list[Task], tmp_path: Path) -> None:
    whole, model = kept(tmp_path / "whole", few)
    for task in (2, 3):
        stop(tmp_path, few, task)
    method = Stopping()
    end, again = kept(tmp_path, few, method=method)
    finished, _ = kept(tmp_path, few, method=(last := Stopping()))
    assert method.begun == last.begun == 3
    assert same(whole, end)
    assert same(end, finished)
    assert (end.seconds, [*tmp_path.glob("*.part")]) == (finished.seconds, [])
    for one, other in ((whole.initial, end.initial), (whole.pixels, end.pixels)):
        assert torch.equal(one, other)
    assert of_tensors([*model.parameters()]) == of_tensors([*again.parameters()])
    assert len({of_tensors([*each.importances.values()]) for each in (whole, end, finished)}) == 1


def test_another_training_has_another_file(few: list[Task], tmp_path: Path) -> None:
    """All that decides how a training ends; each is given twice, and makes one file."""
    first = few[0]
    halves = [Split(first.test.images, first.test.labels.flip(0)), few[1].test]
    others: list[dict[str, Any]] = [{"epochs": 1}, {"batch_size": 40}, {"learning_rate": 1e-3}, {"seed": 4}]
    others += [{"importance_examples": 7}, {"precision": "bfloat16"}, {}, {"model": partial(network, 2)}]
    others += [{"method": partial(Stopping, strength=2.0)}, {"method": partial(Stopping, rate=2.0)}]
    masks = (torch.zeros(2, 3), torch.zeros(3, 2), torch.ones(2, 3))
    others += [{"method": partial(Stopping, mask=mask)} for mask in masks]
    others += [{"tasks": tasks} for tasks in (few[:2], few[::-1], *([replace(first, test=half)] for half in halves))]
    for count, change in enumerate(others, start=1):
        for _ in range(2):
            given = {name: made() if callable(made) else made for name, made in change.items()}
            kept(tmp_path, **{"tasks": few} | given)
            assert len({file.stem.rpartition("-")[2] for file in tmp_path.iterdir()}) == count, change
