"""The loop under all strategies, what they carry along, the three scenarios, and LwF."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.strategies import JOINT, SMALL, Row, table, trainings
from lifelong import History, Method, Mnist, Split, Task, mlp, run
from lifelong.strategies import AGEM, DGR, GEM, ICaRL, LwF, Strategy, train
from lifelong.strategies.footprint import extra_bytes, tensors
from lifelong.strategies.lwf import distillation
from lifelong.strategies.scenarios import domain_incremental, split_mnist
from tests.lifelong.small_runs import same
from tests.lifelong.small_strategies import OPTIONS, batch_of, digits, network, permuted, ready, weights

pytestmark = pytest.mark.heavy

KINDS: dict[str, Callable[[], Strategy]] = {
    "Baseline": Strategy,
    "LwF": LwF,
    "iCaRL": lambda: ICaRL(memory=100),
    "GEM": lambda: GEM(memory=20),
    "A-GEM": lambda: AGEM(memory=20, batch=20),
    "DGR": lambda: DGR(steps=20),
}


# The loop


def test_the_baseline_is_that_of_run_to_the_last_bit() -> None:
    models = network(), network()
    here = train(Strategy(), permuted(), model=models[0], precision="float32", **OPTIONS)
    there = run(Method(), permuted(), model=models[1], precision="float32", **OPTIONS)
    assert same(here, there)
    assert torch.equal(here.initial, there.initial)
    assert (here.name, here.strength, here.epochs) == (there.name, there.strength, there.epochs)
    assert torch.equal(weights(models[0]), weights(models[1]))


@pytest.mark.parametrize("name", KINDS)
def test_the_same_seed_gives_the_same_history_and_weights(name: str) -> None:
    def trained(seed: int) -> tuple[History, Tensor]:
        model = network()
        return train(KINDS[name](), permuted()[:2], model=model, seed=seed, **OPTIONS), weights(model)

    (first, ends), (again, same_ends), (_, other_ends) = (trained(seed) for seed in (5, 5, 6))
    assert first.name == name
    assert same(first, again)
    assert torch.equal(ends, same_ends)
    assert not torch.equal(ends, other_ends)


@pytest.mark.parametrize("name", ["GEM", "A-GEM", "DGR"])
def test_a_first_task_is_learnt_as_the_baseline_does(name: str) -> None:
    models = network(), network()
    for strategy, model in zip((Strategy(), KINDS[name]()), models, strict=True):
        train(strategy, permuted()[:1], model=model, **OPTIONS)
    assert torch.equal(weights(models[0]), weights(models[1]))


def test_by_default_the_network_has_an_output_for_every_label() -> None:
    small = Mnist(digits().train.take(slice(60)), digits().test.take(slice(20)), digits().source)
    strategy = Strategy()
    train(strategy, split_mnist(small, "domain"), epochs=1)
    assert weights(strategy.model).numel() == weights(mlp((784, 1024, 512, 256, 2))).numel()


def test_a_strategy_is_trained_once_and_on_something() -> None:
    strategy = AGEM(memory=5)
    train(strategy, permuted()[:1], model=network(), **OPTIONS)
    with pytest.raises(ValueError, match=r"this AGEM has been trained already; .* a new one: AGEM\(\)"):
        train(strategy, permuted()[:1], **OPTIONS)
    with pytest.raises(ValueError, match="at least one task"):
        train(Strategy(), [], **OPTIONS)


# The three scenarios


def test_each_scenario_lets_other_outputs_compete() -> None:
    task, domain, every = (split_mnist(digits(), kind).competing for kind in ("task", "domain", "class"))
    assert task.shape == every.shape == (5, 5, 10)
    assert domain.shape == (5, 5, 2)
    assert domain.all()
    for now in range(5):
        for asked in range(5):
            assert task[now, asked].nonzero().flatten().tolist() == [2 * asked, 2 * asked + 1]
            assert every[now, asked].nonzero().flatten().tolist() == list(range(2 * now + 2))


def test_the_pairs_of_digits_share_out_all_images() -> None:
    plain, shared = split_mnist(digits(), "class").tasks, split_mnist(digits(), "domain").tasks
    for number, (task, same_images) in enumerate(zip(plain, shared, strict=True)):
        assert task.train.labels.unique().tolist() == [2 * number, 2 * number + 1]
        assert torch.equal(same_images.train.images, task.train.images)
        assert torch.equal(same_images.train.labels, task.train.labels - 2 * number)
        assert torch.equal(task.test.images, digits().test.images[digits().test.labels // 2 == number])
    assert sum(len(task.train) for task in plain) == len(digits().train)


def test_outputs_that_do_not_compete_are_never_the_answer() -> None:
    scenario = split_mnist(digits(), "task")
    strategy = ready(Strategy(), task=4, tasks=5)
    strategy.competing = scenario.competing
    inputs, _ = next(iter(digits().test.batches(100)))
    for task in range(5):
        assert set(strategy.predict(inputs, task).tolist()) <= {2 * task, 2 * task + 1}
    batch = batch_of(scenario.tasks[4].train)
    own = F.cross_entropy(strategy.model(batch.inputs)[:, 8:], batch.labels - 8)
    assert torch.allclose(strategy.loss(batch), own)  # nor is anything learnt against them


# LwF


def test_lwf_of_weight_0_is_the_baseline_to_the_last_bit() -> None:
    plain, zero, one = network(), network(), network()
    histories = [
        train(strategy, permuted(), model=model, **OPTIONS)
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


def test_distillation_does_not_pull_at_a_network_that_answers_as_before() -> None:
    strategy = ready(LwF(), task=1)
    batch = batch_of(digits().train)
    with torch.no_grad():
        strategy.model[-1].weight.mul_(20)  # a new network has hardly any opinion
    strategy.begin_task(digits().train)
    plain = F.cross_entropy(strategy.model(batch.inputs), batch.labels)
    gradients = [torch.autograd.grad(loss, list(strategy.model.parameters())) for loss in (strategy.loss(batch), plain)]
    for mine, theirs in zip(*gradients, strict=True):
        assert torch.allclose(mine, theirs, atol=1e-6)
    with torch.no_grad():
        next(strategy.model.parameters()).mul_(-1)  # now it answers otherwise
        changed = strategy.loss(batch) - F.cross_entropy(strategy.model(batch.inputs), batch.labels)
    assert changed > distillation(strategy.recorded[:50], strategy.recorded[:50], 2.0) + 0.1


def test_with_a_head_a_task_lwf_holds_every_old_head_to_its_own_answers() -> None:
    strategy = ready(LwF(), task=2, tasks=5)
    strategy.competing = split_mnist(digits(), "task").competing
    split = split_mnist(digits(), "task").tasks[2].train
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


# What is kept


def test_the_footprint_counts_every_tensor_once_within_modules_and_splits_too() -> None:
    method = Method()
    shared = torch.zeros(100)
    method.omega, method.anchor = {"a": shared, "b": torch.zeros(5, dtype=torch.uint8)}, {"a": shared[:50]}
    assert extra_bytes(method) == 400 + 5
    assert extra_bytes(Strategy()) == 0
    split = Split(torch.zeros(2, 784, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64))
    found = list(tensors({"a": [split, (nn.Linear(3, 2),)], "b": None}))
    assert sorted(tensor.numel() for tensor in found) == [2, 2, 6, 2 * 784]


def test_gem_keeps_its_examples_and_lwf_nothing() -> None:
    kept = {}
    for strategy in (LwF(), GEM(memory=20), AGEM(memory=20)):
        train(strategy, permuted(), model=network(), **OPTIONS)
        kept[strategy.name] = extra_bytes(strategy)
    assert kept == {"LwF": 0, "GEM": 3 * 20 * (784 + 8), "A-GEM": 3 * 20 * (784 + 8)}


@pytest.mark.parametrize("kind", ["task", "domain", "class"])
@pytest.mark.parametrize("name", KINDS)
def test_every_strategy_runs_in_every_scenario(name: str, kind: Any) -> None:
    scenario = split_mnist(digits(), kind)
    model = network(scenario.competing.shape[-1])
    history = train(KINDS[name](), scenario, model=model, **{**OPTIONS, "epochs": 1})
    assert history.matrix.shape == (5, 5)
    assert history.matrix.isfinite().all()
    assert history.matrix[0, 0] > 0.8


# The table


def test_the_table_has_regularisers_strategies_and_the_bound() -> None:
    some = slice(256)
    few = domain_incremental([Task(each.train.take(some), each.test, each.permutation) for each in permuted()[:2]])
    every = trainings(SMALL._replace(dreams=5), epochs=1)
    assert list(every)[1:7] == ["EWC", "MAS", "SI", "RWalk", "SCP", "LwF"]
    rows = {name: every[name](few, 0) for name in ("Baseline", "MAS", JOINT)}
    parameters = weights(mlp()).numel()
    assert [rows[name].memory for name in rows] == [0, 2 * 4 * parameters, 2 * 256 * 784]
    assert rows[JOINT].forgetting is None
    assert rows["MAS"].forgetting is not None
    assert 0.1 < rows["MAS"].average < 1


def test_the_table_gives_means_and_deviations() -> None:
    runs = [Row(0.8, 0.1, 2_000_000, 3.0), Row(0.9, 0.1, 2_000_000, 5.0)]
    lines = table({"GEM": runs, JOINT: [Row(0.95, None, 0, 1.4)]}).splitlines()
    assert lines[2:] == ["| GEM | 85.0 ± 7.1 | 10.0 ± 0.0 | 2.0 | 4 |", "| all tasks together | 95.0 |  | 0.0 | 1 |"]
