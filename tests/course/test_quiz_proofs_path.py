"""The key of the questions on SI and RWalk, derived by running code."""

import copy
from collections.abc import Sequence
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tests.course.quiz_reference import Batches, examples, learn, network, prove, prove_number, reference


class Weights(nn.Module):
    """A model that is nothing but a vector of parameters."""

    def __init__(self, values: Sequence[float]) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.tensor(values, dtype=torch.float64))


def walk(method: Any, model: Weights, gradients: Sequence[Any], steps: Sequence[Any]) -> None:
    """A task with scripted gradients and steps."""
    method.begin_task(model)
    for gradient, step in zip(gradients, steps, strict=True):
        delta = torch.as_tensor(step, dtype=torch.float64).expand_as(model.w)
        with torch.no_grad():
            model.w += delta
        method.observe({"w": torch.as_tensor(gradient, dtype=torch.float64).expand_as(model.w)}, {"w": delta.clone()})
    method.consolidate(model, [])


def one(method: Any, gradients: Sequence[float], steps: Sequence[float]) -> float:
    """Ω of a single parameter after a scripted first task."""
    walk(method, Weights([0.0]), gradients, steps)
    return float(method.omega["w"])


def test_quiz_11_si_by_hand() -> None:
    prove_number("quiz-11", one(reference().SI(), [-2, -1, 0.6], [0.25, 0.125, 0.125]))


def data(task: int) -> Batches:
    """All examples of a task in one batch."""
    return Batches(*examples(task), 24)


def test_quiz_12_path_integral() -> None:
    def sgd(params: Any) -> torch.optim.Optimizer:
        return torch.optim.SGD(params, lr=0.5)

    def assumed(task: Any, _: Any, __: Any) -> tuple[Any, Any]:
        return task, {name: -0.01 * gradient for name, gradient in task.items()}

    def path(tasks: int = 1, **how: Any) -> tuple[dict[str, Tensor], list[float]]:
        method, model = reference().SI(), network(0)
        method.strength = 1.0
        losses: list[float] = []
        for task in range(tasks):
            losses = learn(method, model, data(task), epochs=20, **how)
            if task < tasks - 1:
                method.consolidate(model, [])
        return method.path, losses

    def differ(left: dict[str, Tensor], right: dict[str, Tensor]) -> bool:
        return any(not torch.allclose(left[name], right[name], rtol=1e-6) for name in left)

    (by_adam, _), (by_assumption, _) = path(), path(reported=assumed)
    (by_sgd, losses) = path(optimiser=sgd)
    second, _ = path(2, optimiser=sgd)
    second_with_penalty, _ = path(2, optimiser=sgd, reported=lambda _, total, step: (total, step))

    carried = reference().SI()
    model = Weights([0.0])
    walk(carried, model, [-1.0], [1.0])
    carried.begin_task(model)
    total = sum(float(value.sum()) for value in by_sgd.values())
    prove(
        "quiz-12",
        A=differ(by_adam, by_assumption),
        B=bool(carried.path["w"].any()),
        C=total == pytest.approx(losses[0] - losses[-1], rel=1e-3),
        D=not differ(second, second_with_penalty),
        E=all(bool((value >= 0).all()) for value in by_sgd.values()),
    )


def test_quiz_13_si_properties() -> None:
    examined = Batches(*examples(0), 8)
    method, model = reference().SI(), network(0)
    learn(method, model, data(0), epochs=20)
    method.consolidate(model, examined)
    no_pass = examined.walks == 0
    first = copy.deepcopy(method.omega)
    learn(method, model, data(1), epochs=20)
    method.consolidate(model, examined)
    never_smaller = all(bool((method.omega[name] >= first[name]).all()) for name in first)

    # The loss (w0² + w1² + 3 w0 w1²) / 2 walked from (1, 1) to (0, 0), one coordinate after the other, in either order.
    def by_order(order: Sequence[int]) -> Tensor:
        si, here = reference().SI(), Weights([1.0, 1.0])
        si.begin_task(here)
        for axis in order:
            for _ in range(100):
                w0, w1 = here.w.tolist()
                step = torch.zeros(2, dtype=torch.float64)
                step[axis] = -0.01
                with torch.no_grad():
                    here.w += step
                si.observe({"w": torch.tensor([w0 + 1.5 * w1**2, w1 + 3 * w0 * w1]).double()}, {"w": step})
        assert torch.allclose(here.w, torch.zeros(2).double(), atol=1e-9)
        si.consolidate(here, [])
        return si.omega["w"]

    path_matters = not torch.allclose(by_order([0, 1]), by_order([1, 0]), rtol=0.1)

    class Doubled(reference().SI):
        damping = 0.2

    halved = one(Doubled(), [-1.0], [0.5]) == pytest.approx(one(reference().SI(), [-1.0], [0.5]) / 2)
    still = one(reference().SI(), [5.0, -7.0], [0.0, 0.0])
    prove("quiz-13", A=no_pass, B=path_matters, C=halved, D=still == 0, E=never_smaller)


def rwalk(**settings: float) -> Any:
    """A fresh RWalk with other settings than the homework's."""
    method = reference().RWalk()
    for name, value in settings.items():
        setattr(method, name, value)
    return method


def score_added(path: float, fisher: float, moved: float) -> tuple[float, float]:
    """What an interval that ends with these ω, F and d adds to a score of 5, and the F that is left."""
    method = rwalk(alpha=0.0, interval=1, epsilon=0.09)  # α = 0 keeps F as it is put in here
    method.begin_task(Weights([0.0]))
    method.fisher = {"w": torch.tensor([fisher], dtype=torch.float64)}
    method.task_score["w"] += 5
    step = torch.tensor([moved], dtype=torch.float64)
    method.observe({"w": -path / step}, {"w": step})
    return float(method.task_score["w"]) - 5, float(method.fisher["w"])


def test_quiz_14_interval_score() -> None:
    added, fisher_left = score_added(0.9, 2.0, 0.6)
    prove(
        "quiz-14",
        A=score_added(-0.9, 2.0, 0.6)[0] == pytest.approx(-2.0),
        B=added == pytest.approx(2.0),
        C=fisher_left == 0,
        D=score_added(0.9, 2.0, -0.6)[0] == pytest.approx(added),
        E=score_added(0.9, 0.0, 0.6)[0] == pytest.approx(10.0),
    )


def test_quiz_15_running_fisher() -> None:
    method, model = rwalk(alpha=0.75), Weights([0.0])
    walk(method, model, [2.0, 0.0, 4.0], [0.1, 0.1, 0.1])
    prove_number("quiz-15", float(method.fisher["w"]))


def test_quiz_16_two_tasks_of_scores() -> None:
    # With ε = 1, F = 0 and one step an interval, the score of a step of 1 is −g; F is put in by hand at the end.
    method, model = rwalk(alpha=0.0, interval=1, epsilon=1.0), Weights([0.0, 0.0])
    zeros = torch.zeros(2).double()
    method.fisher = {"w": zeros.clone()}

    walk(method, model, [[-4.0, -1.0]], [1.0])
    kept_first, omega_first = method.score["w"].clone(), method.omega["w"].clone()
    method.begin_task(model)
    method.observe({"w": torch.tensor([-2.0, -3.0]).double()}, {"w": torch.ones(2).double()})
    alone = method.task_score["w"].clone()
    method.fisher = {"w": torch.tensor([1.0, 2.0]).double()}
    method.consolidate(model, [])
    assert kept_first.tolist() == [4.0, 1.0]
    assert alone.tolist() == [2.0, 3.0]

    fresh = rwalk(alpha=0.0, interval=1, epsilon=1.0)
    fresh.begin_task(model)
    fresh.task_score, fresh.fisher = {"w": alone}, {"w": torch.tensor([1.0, 2.0]).double()}
    fresh.consolidate(model, [])

    largest, anything, trained = 0.0, reference().RWalk(), network(0)
    for task in range(4):
        learn(anything, trained, data(task), epochs=20)
        anything.consolidate(trained, [])
        largest = max(largest, *(float(value.max()) for value in anything.omega.values()))
    prove(
        "quiz-16",
        A=method.score["w"].tolist() == [6.0, 4.0],
        B=kept_first.tolist() == [2.0, 0.5],
        C=0 < largest <= 2 + 1e-9,
        D=torch.allclose(method.omega["w"], omega_first + fresh.omega["w"]),
        E=float(method.omega["w"][0]) == pytest.approx(1.5),
    )
