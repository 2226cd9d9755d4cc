"""The engine's contract with a method, on real digits and a small network."""

from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lifelong import Batches, History, Method, MethodError, Params, Task, mlp, normalise, run
from lifelong.budget import TINY
from tests.lifelong.small_runs import Spring, same

pytestmark = pytest.mark.heavy

STEPS = 5
"""Batches of 64 in 300 images."""


def train(method: Method, tasks: list[Task], **options: Any) -> History:
    torch.manual_seed(1)
    usual = {"model": mlp((784, 8, 10)), "epochs": 1, "batch_size": 64, "precision": "float32", "device": "cpu"}
    return run(method, tasks, **usual | options)


class Guard(Spring):
    """A quadratic guard with importance 1 everywhere."""

    def importance(self, model: nn.Module) -> Params:
        return {n: torch.ones_like(p) for n, p in model.named_parameters()}


class Diary(Guard):
    """Writes down every call, and the parameters as it finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []
        self.steps: list[Params] = []
        self.gradients: list[Params] = []
        self.parameters: list[Params] = []
        self.examples: list[Tensor] = []

    def begin_task(self, model: nn.Module) -> None:
        self.calls.append("begin")
        torch.rand(1)  # its own draws change no batch
        self.model = model

    def penalty(self, model: nn.Module) -> Tensor:
        self.parameters.append({n: p.detach().clone() for n, p in model.named_parameters()})
        return super().penalty(model)

    def observe(self, gradients: Params, steps: Params) -> None:
        self.calls.append("observe")
        self.gradients.append({n: g.clone() for n, g in gradients.items()})
        self.steps.append({n: s.clone() for n, s in steps.items()})

    def consolidate(self, model: nn.Module, batches: Batches) -> None:
        self.calls.append("consolidate")
        first, second = (torch.cat([inputs for inputs, _ in batches]) for _ in range(2))
        assert torch.equal(first, second)
        assert model.training
        assert all(weight.grad is None for weight in model.parameters())
        self.examples.append(first)
        super().consolidate(model, batches)


def test_calls_come_in_order_and_steps_are_the_way_of_the_parameters(tasks: list[Task]) -> None:
    diary = Diary()
    train(diary, tasks, epochs=2)
    assert diary.calls == (["begin"] + ["observe"] * 2 * STEPS + ["consolidate"]) * 3
    for before, step, after in zip(diary.parameters, diary.steps, diary.parameters[1:], strict=False):
        for name in before:
            assert torch.allclose(before[name] + step[name], after[name], atol=1e-7)
            assert step[name].any()


def test_gradients_are_those_of_the_task_alone(tasks: list[Task]) -> None:
    """One batch a task, so that the batch is known: the gradient is recomputed from the parameters before the step."""
    diary = Diary()
    diary.strength = 1e6
    model = mlp((784, 8, 10))
    train(diary, tasks[:2], model=model, batch_size=300, epochs=2)
    twin = mlp((784, 8, 10))
    for index in (1, 3):
        twin.load_state_dict(diary.parameters[index])
        split = tasks[index // 2].train
        loss = F.cross_entropy(twin(normalise(split.images)), split.labels)
        expected = torch.autograd.grad(loss, list(twin.parameters()))
        for got, right in zip(diary.gradients[index].values(), expected, strict=True):
            assert torch.allclose(got, right, rtol=1e-3, atol=1e-6)


def test_adam_follows_task_and_penalty_and_starts_anew(tasks: list[Task]) -> None:
    """The same training written out with torch's own loop; full batches, so that no order has to be known."""
    model, twin = mlp((784, 8, 10)), mlp((784, 8, 10))
    twin.load_state_dict(model.state_dict())
    guard = Guard()
    guard.strength = 0.5
    train(guard, tasks[:2], model=model, batch_size=300, epochs=3, learning_rate=1e-3)
    anchor: Params = {}
    for task in tasks[:2]:
        adam = torch.optim.Adam(twin.parameters(), lr=1e-3)
        for _ in range(3):
            loss = F.cross_entropy(twin(normalise(task.train.images)), task.train.labels)
            for name, weight in twin.named_parameters():
                loss = loss + 0.5 * ((weight - anchor.get(name, weight)) ** 2).sum()
            adam.zero_grad()
            loss.backward()
            adam.step()
        anchor = {name: weight.detach().clone() for name, weight in twin.named_parameters()}
    for name, weight in model.named_parameters():
        assert torch.allclose(weight, twin.state_dict()[name], atol=2e-5)


def test_strength_zero_never_asks_for_the_penalty(tasks: list[Task]) -> None:
    diary = Diary()
    diary.strength = 0.0
    history = train(diary, tasks[:2])
    assert diary.parameters == []
    baseline = train(Method(), tasks[:2])
    assert same(history, baseline)
    assert (baseline.name, baseline.importances, baseline.pixels) == ("Baseline", None, None)


def test_the_history_has_its_shapes(tasks: list[Task]) -> None:
    guard = Guard()
    history = train(guard, tasks, epochs=2)
    assert history.accuracies.shape == (6, 3)
    assert torch.equal(history.matrix, history.accuracies[[1, 3, 5]])
    assert history.accuracies.isnan().nonzero().tolist() == [[0, 1], [0, 2], [2, 2]]
    assert history.initial.shape == (3,)
    expected = [history.accuracies[epoch, : epoch // 2 + 1].mean() for epoch in range(6)]
    assert torch.equal(history.average, torch.stack(expected))
    assert history.name == "Guard"
    assert history.importances is not None
    assert set(history.importances) == {"0.weight", "0.bias", "2.weight", "2.bias"}
    assert all(history.importances[name].data_ptr() != omega.data_ptr() for name, omega in guard.omega.items())
    assert history.pixels is not None
    assert torch.equal(history.pixels, torch.full((3, 784), 8.0))
    assert "Guard (λ = 1)" in str(history)


def test_a_seed_decides_the_weights_and_the_order_and_gives_the_same_history(tasks: list[Task]) -> None:
    first, again, other = (train(Method(), tasks[:2], model=None, seed=seed) for seed in (7, 7, 8))
    assert same(first, again)
    assert not torch.equal(first.initial, other.initial)
    assert not same(*(train(Method(), tasks[:2], seed=seed, learning_rate=1e-2) for seed in (7, 8)))


def test_examples_for_the_importance_are_drawn_from_the_training_split(tasks: list[Task]) -> None:
    some, every = Diary(), Diary()
    train(some, tasks[:2], importance_examples=50)
    train(every, tasks[:1], importance_examples=None, model=nn.Sequential(nn.Dropout(), *mlp((784, 8, 10))).eval())
    assert torch.equal(every.examples[0][:50], some.examples[0]), "they depend on what the network draws"
    assert not torch.equal(normalise(tasks[0].train.images[:50]), some.examples[0])
    assert [len(examples) for examples in some.examples] == [50, 50]
    training = {tuple(row.tolist()) for row in normalise(tasks[1].train.images)}
    drawn = {tuple(row.tolist()) for row in some.examples[1]}
    assert len(drawn) == 50
    assert drawn <= training
    assert len(every.examples[0]) == 300


def test_bfloat16_agrees_with_float32(tasks: list[Task]) -> None:
    torch.manual_seed(1)
    net, seen = mlp((784, 8, 10)), set[Any]()
    net[0].register_forward_hook(lambda layer, _, output: seen.add((layer.training, output.dtype)))
    exact = train(Method(), tasks[:1], epochs=10, learning_rate=1e-3)
    rough = train(Method(), tasks[:1], epochs=10, learning_rate=1e-3, precision="bfloat16", model=net)
    assert seen == {(True, torch.bfloat16), (False, torch.bfloat16)}
    assert exact.average[-1] > 0.6
    assert rough.average[-1] == pytest.approx(exact.average[-1].item(), abs=0.05)
    assert rough.machine == "cpu in bfloat16"


def test_the_tiny_budget_makes_few_steps_and_says_so(
    tasks: list[Task], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    diary = Diary()
    history = run(diary, tasks, epochs=10, batch_size=64)
    assert history.matrix.shape == (TINY.tasks, TINY.tasks)
    assert diary.calls.count("observe") == TINY.tasks * TINY.steps
    assert len(diary.examples[0]) == TINY.importance_examples
    captured = capsys.readouterr()
    assert "tiny budget" in captured.out
    assert captured.err == ""


def broken(result: Any) -> type[Guard]:
    class Broken(Guard):
        def penalty(self, model: nn.Module) -> Tensor:
            value = super().penalty(model)
            return result(value) if self.anchor else value

    return Broken


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (lambda value: value.item(), r"Broken.penalty in task 2, step 1 returned float"),
        (lambda value: None, "returned NoneType"),
        (lambda value: value.reshape(1), r"shape \[1\]"),
        (lambda value: value.detach(), "without gradient"),
        (lambda value: value / 0, r"Broken.penalty in task 2, step 1 became (nan|inf)"),
        (lambda value: torch.where(value > 0, torch.nan, 1) * value, r"Broken.penalty in task 2, step 2 became nan"),
    ],
)
def test_a_broken_penalty_is_named(tasks: list[Task], result: Any, words: str) -> None:
    with pytest.raises(MethodError, match=words):
        train(broken(result)(), tasks[:2])


def test_an_error_in_the_method_says_when(tasks: list[Task]) -> None:
    class Faulty(Method):
        def consolidate(self, model: nn.Module, batches: Batches) -> None:
            raise KeyError("0.weight")

    with pytest.raises(KeyError) as caught:
        train(Faulty(), tasks[:1])
    assert caught.value.__notes__ == [f"(while training: Faulty.consolidate in task 1, step {STEPS})"]


def test_a_used_method_is_refused(tasks: list[Task]) -> None:
    guard = Guard()
    train(guard, tasks[:1])
    with pytest.raises(MethodError, match="give run\\(\\) a new one: Guard\\(\\)"):
        train(guard, tasks[:1])


FROZEN = mlp((784, 8, 10))
FROZEN[0].bias.requires_grad_(False)


@pytest.mark.parametrize(
    ("count", "options", "error", "words"),
    [
        (0, {}, ValueError, "at least one task"),
        (1, {"precision": "half"}, ValueError, "'half'"),
        (1, {"model": FROZEN}, ValueError, r"0\.bias is frozen"),
        (
            1,
            {"learning_rate": 1e38, "epochs": 3},
            MethodError,
            r"loss under Baseline became (nan|inf) in task 1, step \d",
        ),
    ],
)
def test_what_cannot_be_trained_is_named(
    count: int, options: dict[str, Any], error: type[Exception], words: str, tasks: list[Task]
) -> None:
    with pytest.raises(error, match=words):
        train(Method(), tasks[:count], **options)
