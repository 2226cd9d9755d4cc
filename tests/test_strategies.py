"""Strategies beyond the guard on the weights: the loop, LwF, iCaRL and DGR on real digits, and the three scenarios."""

from __future__ import annotations

import gc
import types
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from histories import same
from torch import Tensor, nn

from lifelong import History, Method, Mnist, Split, Task, mlp, permuted_tasks, run
from lifelong.data.mnist import SUBSET
from lifelong.strategies import (
    AGEM,
    DGR,
    GEM,
    Batch,
    ICaRL,
    LwF,
    Strategy,
    extra_bytes,
    split_mnist,
    train,
)
from lifelong.strategies.footprint import tensors
from lifelong.strategies.icarl import herding
from lifelong.strategies.lwf import distillation

OPTIONS: dict[str, Any] = {"epochs": 2, "batch_size": 32, "learning_rate": 1e-3, "device": "cpu"}
KINDS: dict[str, Callable[[], Strategy]] = {
    "Baseline": Strategy,
    "LwF": LwF,
    "iCaRL": lambda: ICaRL(memory=100),
    "GEM": lambda: GEM(memory=20),
    "A-GEM": lambda: AGEM(memory=20, batch=20),
    "DGR": lambda: DGR(steps=20),
}


@pytest.fixture(scope="module")
def data() -> Mnist:
    with np.load(SUBSET) as arrays:
        halves = [
            Split(
                torch.from_numpy(arrays[f"{half}_images"][:count]),
                torch.from_numpy(arrays[f"{half}_labels"]).long()[:count],
            )
            for half, count in (("train", 1_000), ("test", 300))
        ]
    return Mnist(halves[0], halves[1], "the embedded subset")


@pytest.fixture(scope="module")
def tasks(data: Mnist) -> list[Task]:
    return permuted_tasks(data, lambda images, permutation: images[:, permutation], count=3)


@pytest.fixture(autouse=True)
def full_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIFELONG_BUDGET", raising=False)


def network(outputs: int = 10) -> nn.Sequential:
    torch.manual_seed(1)
    return mlp((784, 32, 16, outputs))


def weights(model: nn.Module) -> Tensor:
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()])


def ready(strategy: Strategy, task: int, outputs: int = 10, tasks: int = 3) -> Strategy:
    """A strategy as ``train`` leaves it before a task, all outputs competing."""
    strategy.model, strategy.task = network(outputs), task
    strategy.competing = torch.ones(tasks, tasks, outputs, dtype=torch.bool)
    strategy.autocast = torch.autocast("cpu", torch.bfloat16, enabled=False)
    return strategy


def batch_of(split: Split, count: int = 50) -> Batch:
    inputs, labels = next(iter(split.batches(count)))
    return Batch(inputs, labels, torch.arange(count))


# The loop


def test_the_baseline_is_that_of_run_to_the_last_bit(tasks: list[Task]) -> None:
    models = network(), network()
    here = train(Strategy(), tasks, model=models[0], precision="float32", **OPTIONS)
    there = run(Method(), tasks, model=models[1], precision="float32", **OPTIONS)
    assert same(here, there)
    assert torch.equal(here.initial, there.initial)
    assert (here.name, here.strength, here.epochs) == (there.name, there.strength, there.epochs)
    assert torch.equal(weights(models[0]), weights(models[1]))


@pytest.mark.parametrize("name", KINDS)
def test_the_same_seed_gives_the_same_history_and_weights(name: str, tasks: list[Task]) -> None:
    def trained(seed: int) -> tuple[History, Tensor]:
        model = network()
        return train(KINDS[name](), tasks[:2], model=model, seed=seed, **OPTIONS), weights(model)

    (first, ends), (again, same_ends), (_, other_ends) = (trained(seed) for seed in (5, 5, 6))
    assert first.name == name
    assert same(first, again)
    assert torch.equal(ends, same_ends)
    assert not torch.equal(ends, other_ends)


def test_a_history_has_the_form_that_runs_have(tasks: list[Task]) -> None:
    history = train(Strategy(), tasks, model=network(), **OPTIONS)
    assert history.accuracies.shape == (6, 3)
    assert history.accuracies.isnan().tolist() == [
        [False, True, True],
        [False, False, False],
        [False, False, True],
        [False, False, False],
        [False, False, False],
        [False, False, False],
    ]
    assert history.matrix.shape == (3, 3)


def test_by_default_the_network_has_an_output_for_every_label(data: Mnist) -> None:
    small = Mnist(data.train.take(slice(60)), data.test.take(slice(20)), data.source)
    strategy = Strategy()
    train(strategy, split_mnist(small, "domain"), epochs=1)
    assert weights(strategy.model).numel() == weights(mlp((784, 1024, 512, 256, 2))).numel()


# The three scenarios


def test_each_scenario_lets_other_outputs_compete(data: Mnist) -> None:
    task, domain, every = (split_mnist(data, kind).competing for kind in ("task", "domain", "class"))
    assert task.shape == every.shape == (5, 5, 10)
    assert domain.shape == (5, 5, 2)
    assert domain.all()
    for now in range(5):
        for asked in range(5):
            assert task[now, asked].nonzero().flatten().tolist() == [2 * asked, 2 * asked + 1]
            assert every[now, asked].nonzero().flatten().tolist() == list(range(2 * now + 2))


def test_the_pairs_of_digits_share_out_all_images(data: Mnist) -> None:
    plain, shared = split_mnist(data, "class").tasks, split_mnist(data, "domain").tasks
    for number, (task, same_images) in enumerate(zip(plain, shared, strict=True)):
        assert task.train.labels.unique().tolist() == [2 * number, 2 * number + 1]
        assert torch.equal(same_images.train.images, task.train.images)
        assert torch.equal(same_images.train.labels, task.train.labels - 2 * number)
        assert torch.equal(task.test.images, data.test.images[data.test.labels // 2 == number])
    assert sum(len(task.train) for task in plain) == len(data.train)


def test_knowing_the_task_makes_it_easy_and_having_to_find_it_hard(data: Mnist) -> None:
    finals = {}
    for kind, outputs in (("task", 10), ("domain", 2), ("class", 10)):
        history = train(Strategy(), split_mnist(data, kind), model=network(outputs), **OPTIONS)
        finals[kind] = float(history.average[-1])
    assert finals["task"] > finals["domain"] > finals["class"]
    assert finals["class"] < 0.3  # only the last two digits are ever answered


def test_outputs_that_do_not_compete_are_never_the_answer(data: Mnist) -> None:
    scenario = split_mnist(data, "task")
    strategy = ready(Strategy(), task=4, tasks=5)
    strategy.competing = scenario.competing
    inputs, _ = next(iter(data.test.batches(100)))
    for task in range(5):
        assert set(strategy.predict(inputs, task).tolist()) <= {2 * task, 2 * task + 1}


# LwF


def test_lwf_of_weight_0_is_the_baseline_to_the_last_bit(tasks: list[Task]) -> None:
    plain, zero, one = network(), network(), network()
    histories = [
        train(strategy, tasks, model=model, **OPTIONS)
        for strategy, model in ((Strategy(), plain), (LwF(strength=0), zero), (LwF(strength=1), one))
    ]
    assert same(histories[0], histories[1])
    assert torch.equal(weights(plain), weights(zero))
    assert not torch.equal(weights(plain), weights(one))


def test_distillation_is_the_cross_entropy_of_softened_answers() -> None:
    old, new = torch.tensor([[2.0, 0.0], [0.0, 4.0]]), torch.tensor([[0.0, 2.0], [0.0, 0.0]])
    e = torch.e
    half = torch.tensor([[e, 1], [1, e**2]]) / torch.tensor([[e + 1], [e**2 + 1]])  # softmax of old / 2, by hand
    mine = torch.tensor([[1, e], [1, 1]]) / torch.tensor([[e + 1], [2.0]])
    assert torch.allclose(distillation(new, old, 2.0), -(half * mine.log()).sum() / 2)


def test_distillation_does_not_pull_at_a_network_that_answers_as_before(data: Mnist) -> None:
    strategy = ready(LwF(), task=1)
    batch = batch_of(data.train)
    with torch.no_grad():
        strategy.model[-1].weight.mul_(20)  # a new network has hardly any opinion
    strategy.begin_task(data.train)
    plain = F.cross_entropy(strategy.model(batch.inputs), batch.labels)
    gradients = [torch.autograd.grad(loss, list(strategy.model.parameters())) for loss in (strategy.loss(batch), plain)]
    for mine, theirs in zip(*gradients, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-6)
    with torch.no_grad():
        next(strategy.model.parameters()).mul_(-1)  # now it answers otherwise
        changed = strategy.loss(batch) - F.cross_entropy(strategy.model(batch.inputs), batch.labels)
    assert changed > distillation(strategy.recorded[:50], strategy.recorded[:50], 2.0) + 0.1


def test_with_a_head_a_task_lwf_holds_every_old_head_to_its_own_answers(data: Mnist) -> None:
    strategy = ready(LwF(), task=2, tasks=5)
    strategy.competing = split_mnist(data, "task").competing
    split = split_mnist(data, "task").tasks[2].train
    batch = batch_of(split, 20)
    strategy.begin_task(split)
    outputs = strategy.model(batch.inputs).detach()
    with torch.no_grad():
        next(strategy.model.parameters()).mul_(0.5)
    now = strategy.model(batch.inputs)
    expected = F.cross_entropy(now[:, 4:6], batch.labels - 4)
    for head in (slice(0, 2), slice(2, 4)):
        expected = expected + distillation(now[:, head], outputs[:, head], 2.0)
    assert torch.allclose(strategy.loss(batch), expected)


# iCaRL


def greedy(features: Tensor, count: int) -> list[int]:
    """Herding, word for word: try every free row, keep the one that brings the mean of the chosen nearest."""
    chosen: list[int] = []
    for _ in range(count):
        free = [row for row in range(len(features)) if row not in chosen]
        gaps = [float((features.mean(0) - features[[*chosen, row]].mean(0)).norm()) for row in free]
        chosen.append(free[gaps.index(min(gaps))])
    return chosen


@pytest.mark.parametrize("seed", range(5))
def test_herding_is_the_greedy_choice(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(30, 4, generator=generator, dtype=torch.float64)
    if seed % 2:
        features = F.normalize(features.relu())
    order = herding(features, 30)
    assert order.tolist() == greedy(features, 30)
    assert order[:7].tolist() == herding(features, 7).tolist()  # a shorter list is the longer one's beginning
    assert sorted(herding(features, 99).tolist()) == list(range(30))


class Watched(ICaRL):
    """Writes down the exemplars after every task."""

    def __init__(self, memory: int) -> None:
        super().__init__(memory)
        self.seen: list[list[Tensor]] = []

    def end_task(self, train: Split) -> None:
        super().end_task(train)
        self.seen.append(list(self.exemplars))


def test_icarl_never_keeps_more_than_its_budget_and_shortens_from_the_end(tasks: list[Task]) -> None:
    strategy = Watched(memory=67)
    train(strategy, tasks, model=network(), **OPTIONS)
    assert [[len(images) for images in seen] for seen in strategy.seen] == [[6] * 10, [3] * 20, [2] * 30]
    assert strategy.labels.tolist() == [*range(10)] * 3
    for before, after in pairwise(strategy.seen):
        for long, short in zip(before, after, strict=False):
            assert torch.equal(long[: len(short)], short)
    for number, images in enumerate(strategy.exemplars):
        split = tasks[number // 10].train
        own = {image.numpy().tobytes() for image in split.images[split.labels == number % 10]}
        assert {image.numpy().tobytes() for image in images} <= own


def test_icarl_answers_with_the_nearest_mean_of_exemplars(data: Mnist) -> None:
    strategy, scenario = ICaRL(memory=60), split_mnist(data, "class")
    train(strategy, scenario, model=network(), precision="float32", **OPTIONS)
    inputs, _ = next(iter(data.test.batches(100)))
    with torch.no_grad():
        images = [F.normalize(strategy.features(kept)).mean(dim=0) for kept in strategy.exemplars]
        hidden = F.normalize(strategy.model[:-1](inputs))
        gaps = torch.stack([(hidden - mean / mean.norm()).norm(dim=1) for mean in images], dim=1)
    assert torch.equal(strategy.predict(inputs, 4), strategy.labels[gaps.argmin(dim=1)])


def test_icarl_holds_old_outputs_to_their_answers_and_new_ones_to_the_labels(data: Mnist) -> None:
    scenario = split_mnist(data, "class")
    strategy = ready(ICaRL(memory=20), task=0, tasks=5)
    strategy.competing = scenario.competing
    strategy.begin_task(scenario.tasks[0].train)
    strategy.end_task(scenario.tasks[0].train)
    strategy.task, before = 1, strategy.outputs
    new = scenario.tasks[1].train
    exemplars = Split(torch.cat(strategy.exemplars), torch.tensor([0] * 10 + [1] * 10))
    answers = [torch.cat([before(inputs) for inputs, _ in split.batches(999)]).sigmoid() for split in (new, exemplars)]
    lesson = strategy.begin_task(new)
    assert torch.equal(lesson.images, torch.cat([new.images, exemplars.images]))
    assert torch.equal(lesson.labels, torch.cat([new.labels, exemplars.labels]))
    assert torch.allclose(strategy.targets[:, :2], torch.cat(answers))
    assert torch.equal(strategy.targets[: len(new), 2:], F.one_hot(new.labels - 2, 2).float())
    assert not strategy.targets[len(new) :, 2:].any()
    assert strategy.outputs(torch.zeros(1, 784)).shape == (1, 4)


def test_icarl_says_when_its_memory_is_too_small(tasks: list[Task]) -> None:
    with pytest.raises(ValueError, match="a memory of 15 images is too small for 20 classes"):
        train(ICaRL(memory=15), tasks, model=network(), **OPTIONS)


def test_icarl_remembers_digits_that_the_baseline_has_lost(data: Mnist) -> None:
    finals = [
        float(train(strategy, split_mnist(data, "class"), model=network(), **OPTIONS).average[-1])
        for strategy in (Strategy(), ICaRL(memory=100))
    ]
    assert finals[1] > finals[0] + 0.2


# DGR


@pytest.mark.parametrize("task", [1, 2])
def test_dgr_weighs_the_new_task_as_one_of_all_so_far(task: int, data: Mnist) -> None:
    strategy = ready(DGR(steps=5), task=0)
    strategy.begin_task(data.train)
    strategy.end_task(data.train)
    strategy.task = task
    strategy.begin_task(data.train)
    with torch.no_grad():
        strategy.model[0].weight.mul_(-1)  # the solver has moved on; the old one has not
    batch = batch_of(data.train)
    torch.manual_seed(7)
    loss = strategy.loss(batch)
    torch.manual_seed(7)
    inputs, answers = strategy.dream(len(batch.labels))
    new = F.cross_entropy(strategy.model(batch.inputs), batch.labels)
    old = F.cross_entropy(strategy.model(inputs), answers.argmax(dim=1))
    assert strategy.ratio == pytest.approx(1 / (task + 1))
    assert torch.allclose(loss, new / (task + 1) + old * task / (task + 1))
    assert abs((new - old).item()) > 0.01  # so that exchanged weights would be noticed


def test_dgr_learns_its_first_task_as_the_baseline_does(tasks: list[Task]) -> None:
    models = network(), network()
    for strategy, model in zip((Strategy(), DGR(steps=1)), models, strict=True):
        train(strategy, tasks[:1], model=model, **OPTIONS)
    assert torch.equal(weights(models[0]), weights(models[1]))


def reachable(thing: object) -> list[Tensor]:
    """Every tensor that can be reached from an object, whatever holds it; code and modules are not walked."""
    found, seen, waiting = [], set(), [thing]
    while waiting:
        each = waiting.pop()
        if id(each) in seen or isinstance(each, type | types.ModuleType | types.FunctionType):
            continue
        seen.add(id(each))
        if isinstance(each, Tensor):
            found.append(each)
        waiting += gc.get_referents(each)
    return found


def holds_images(thing: object, split: Split) -> bool:
    """Whether an image of the split lies in a tensor within reach, as bytes or in any other number format."""
    images = {image.numpy().tobytes() for image in split.images}
    return any(
        row.to(torch.uint8).numpy().tobytes() in images
        for tensor in reachable(thing)
        if tensor.numel() and tensor.shape[-1:] == (784,)
        for row in tensor.detach().reshape(-1, 784)
    )


def test_dgr_keeps_no_real_image_but_gem_does(tasks: list[Task]) -> None:
    dreamer, keeper = DGR(steps=3), GEM(memory=5)
    for strategy in (dreamer, keeper):
        train(strategy, tasks[:2], model=network(), **OPTIONS)
    for task in tasks[:2]:
        assert not holds_images(dreamer, task.train)
        assert holds_images(keeper, task.train)
    assert extra_bytes(dreamer) == 4 * weights(dreamer.generator).numel()


def test_the_generator_learns_what_digits_look_like(data: Mnist) -> None:
    strategy = ready(DGR(steps=150), task=0)
    strategy.begin_task(data.train)
    real = data.train.images / 255
    before = strategy.generator.sample(200)
    strategy.end_task(data.train)
    after = strategy.generator.sample(200)
    assert after.shape == (200, 784)
    assert ((after >= 0) & (after <= 1)).all()
    gaps = [torch.cdist(images, real).min(dim=1).values.mean() for images in (before, after)]
    assert gaps[1] < 0.75 * gaps[0]


# What is kept


def test_the_footprint_counts_every_tensor_once() -> None:
    method = Method()
    shared = torch.zeros(100)
    method.omega, method.anchor = {"a": shared, "b": torch.zeros(5, dtype=torch.uint8)}, {"a": shared[:50]}
    assert extra_bytes(method) == 400 + 5
    assert extra_bytes(Strategy()) == 0


def test_what_is_kept_is_found_within_modules_and_splits() -> None:
    split = Split(torch.zeros(2, 784, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64))
    layer = nn.Linear(3, 2)
    found = list(tensors({"a": [split, (layer,)], "b": None}))
    assert sorted(tensor.numel() for tensor in found) == [2, 2, 6, 2 * 784]


def test_gem_keeps_its_examples_and_lwf_nothing(tasks: list[Task]) -> None:
    kept = {}
    for strategy in (LwF(), GEM(memory=20), AGEM(memory=20)):
        train(strategy, tasks, model=network(), **OPTIONS)
        kept[strategy.name] = extra_bytes(strategy)
    assert kept == {"LwF": 0, "GEM": 3 * 20 * (784 + 8), "A-GEM": 3 * 20 * (784 + 8)}


@pytest.mark.parametrize("kind", ["task", "domain", "class"])
@pytest.mark.parametrize("name", KINDS)
def test_every_strategy_runs_in_every_scenario(name: str, kind: Any, data: Mnist) -> None:
    scenario = split_mnist(data, kind)
    model = network(scenario.competing.shape[-1])
    history = train(KINDS[name](), scenario, model=model, **{**OPTIONS, "epochs": 1})
    assert history.matrix.shape == (5, 5)
    assert history.matrix.isfinite().all()
    assert history.matrix[0, 0] > 0.8
