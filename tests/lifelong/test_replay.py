"""What replays: iCaRL's exemplars and their means, DGR's dreams."""

import gc
import types
from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from lifelong import Split
from lifelong.strategies import DGR, GEM, ICaRL, extra_bytes, split_mnist, train
from lifelong.strategies.icarl import herding
from tests.lifelong.small_strategies import OPTIONS, batch_of, digits, network, permuted, ready, weights

pytestmark = pytest.mark.heavy


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


def test_icarl_never_keeps_more_than_its_budget_and_shortens_from_the_end() -> None:
    strategy = Watched(memory=67)
    train(strategy, permuted(), model=network(), **OPTIONS)
    assert [[len(images) for images in seen] for seen in strategy.seen] == [[6] * 10, [3] * 20, [2] * 30]
    assert strategy.labels.tolist() == [*range(10)] * 3
    for before, after in pairwise(strategy.seen):
        for long, short in zip(before, after, strict=False):
            assert torch.equal(long[: len(short)], short)
    for number, images in enumerate(strategy.exemplars):
        split = permuted()[number // 10].train
        own = {image.numpy().tobytes() for image in split.images[split.labels == number % 10]}
        assert {image.numpy().tobytes() for image in images} <= own


def test_icarl_answers_with_the_nearest_mean_of_exemplars() -> None:
    strategy, scenario = ICaRL(memory=60), split_mnist(digits(), "class")
    train(strategy, scenario, model=network(), precision="float32", **OPTIONS)
    inputs, _ = next(iter(digits().test.batches(100)))
    with torch.no_grad():
        images = [F.normalize(strategy.features(kept)).mean(dim=0) for kept in strategy.exemplars]
        hidden = F.normalize(strategy.model[:-1](inputs))
        gaps = torch.stack([(hidden - mean / mean.norm()).norm(dim=1) for mean in images], dim=1)
    assert torch.equal(strategy.predict(inputs, 4), strategy.labels[gaps.argmin(dim=1)])


def test_icarl_holds_old_outputs_to_their_answers_and_new_ones_to_the_labels() -> None:
    scenario = split_mnist(digits(), "class")
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


def test_icarl_says_when_its_memory_is_too_small() -> None:
    with pytest.raises(ValueError, match="a memory of 15 images is too small for 20 classes"):
        train(ICaRL(memory=15), permuted(), model=network(), **OPTIONS)


# DGR


@pytest.mark.parametrize("task", [1, 2])
def test_dgr_weighs_the_new_task_as_one_of_all_so_far(task: int) -> None:
    strategy = ready(DGR(steps=5), task=0)
    strategy.begin_task(digits().train)
    strategy.end_task(digits().train)
    strategy.task = task
    strategy.begin_task(digits().train)
    with torch.no_grad():
        strategy.model[0].weight.mul_(-1)  # the solver has moved on; the old one has not
    batch = batch_of(digits().train)
    torch.manual_seed(7)
    loss = strategy.loss(batch)
    torch.manual_seed(7)
    inputs, answers = strategy.dream(len(batch.labels))
    new = F.cross_entropy(strategy.model(batch.inputs), batch.labels)
    old = F.cross_entropy(strategy.model(inputs), answers.argmax(dim=1))
    assert strategy.ratio == pytest.approx(1 / (task + 1))
    assert torch.allclose(loss, new / (task + 1) + old * task / (task + 1))
    assert abs((new - old).item()) > 0.01  # so that exchanged weights would be noticed


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


def test_dgr_keeps_no_real_image_but_gem_does() -> None:
    dreamer, keeper = DGR(steps=3), GEM(memory=5)
    for strategy in (dreamer, keeper):
        train(strategy, permuted()[:2], model=network(), **OPTIONS)
    for task in permuted()[:2]:
        assert not holds_images(dreamer, task.train)
        assert holds_images(keeper, task.train)
    assert extra_bytes(dreamer) == 4 * weights(dreamer.generator).numel()


def test_the_generator_learns_what_digits_look_like() -> None:
    strategy = ready(DGR(steps=150), task=0)
    strategy.begin_task(digits().train)
    real = digits().train.images / 255
    before = strategy.generator.sample(200)
    strategy.end_task(digits().train)
    after = strategy.generator.sample(200)
    assert after.shape == (200, 784)
    assert ((after >= 0) & (after <= 1)).all()
    gaps = [torch.cdist(images, real).min(dim=1).values.mean() for images in (before, after)]
    assert gaps[1] < 0.75 * gaps[0]
