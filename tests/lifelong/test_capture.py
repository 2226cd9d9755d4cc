"""Steps as CUDA graphs. Without a GPU only the way around the graph can be tested, and the rest is skipped aloud."""

from collections import Counter
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from lifelong import Method, Params, Task, trainer
from lifelong.capture import WARM_UP, Capture
from tests.lifelong.small_runs import Offering, Spring, trained
from tests.lifelong.test_penalty import Restless

gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


def test_without_a_gpu_every_call_is_a_call() -> None:
    calls: list[int] = []
    capture = Capture(lambda: calls.append(len(calls)) or len(calls), torch.device("cpu"))
    assert [capture() for _ in range(WARM_UP + 3)] == list(range(1, WARM_UP + 4))


@gpu
def test_a_replay_does_what_a_call_does() -> None:
    device = torch.device("cuda")
    total, addend = torch.zeros((), device=device), torch.ones((), device=device)
    calls: list[int] = []

    def add() -> Tensor:
        calls.append(1)
        total.add_(addend)
        return total * 2

    capture = Capture(add, device)
    for number in range(1, WARM_UP + 5):
        addend.fill_(number)
        result = capture()
        assert float(total) == number * (number + 1) / 2
        assert float(result) == number * (number + 1)
    assert len(calls) == WARM_UP + 1


@gpu
def test_what_cannot_be_recorded_is_called() -> None:
    device = torch.device("cuda")
    total = torch.zeros((), device=device)

    def add() -> float:
        total.add_(1)
        return float(total)  # waits for the device, which no graph can

    capture = Capture(add, device)
    assert [capture() for _ in range(WARM_UP + 3)] == list(range(1, WARM_UP + 4))


class FollowsPath:
    """Importances that are gathered along the way, as SI's are."""

    strength = 3.0

    def begin_task(self, model: nn.Module) -> None:
        self.path = {n: torch.zeros_like(p) for n, p in model.named_parameters()}

    def observe(self, gradients: Params, steps: Params) -> None:
        for name, gradient in gradients.items():
            self.path[name] -= gradient * steps[name]

    def importance(self, model: nn.Module) -> Params:
        return {n: self.path[n].relu() + 0.01 for n in self.path}


class PathSpring(FollowsPath, Spring):
    pass


class PathOffering(FollowsPath, Offering):
    pass


@pytest.mark.parametrize(
    ("kind", "made", "replayed"), [(Method, 2, 36), (PathOffering, 4, 34), (PathSpring, 2, 0), (Restless, 5, 19)]
)
def test_what_a_graph_may_replay_and_when_it_is_recorded_anew(
    kind: type[Method], made: int, replayed: int, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two tasks of two epochs of nine whole batches and a short one: never the short one, nor before a proof."""
    noted, places = Counter[str](), set[int]()

    def noting(*arguments: Any) -> Any:
        noted["made"] += 1
        capture: Any = Capture(*arguments)

        def call() -> Any:
            noted["called"] += 1
            places.add(capture.function.__self__.rows.data_ptr())
            return capture()

        return call

    monkeypatch.setattr(trainer, "Capture", noting)
    trained(kind(), tasks[:2], epochs=2)
    assert (noted["made"], noted["called"]) == (made, replayed)
    assert len(places) <= 2  # one for the batches of each task, where a graph reads them


@gpu
@pytest.mark.parametrize("kind", [Method, PathSpring, PathOffering])
def test_training_on_a_gpu_ends_where_it_does_on_the_cpu(kind: type[Method], tasks: list[Task]) -> None:
    on_gpu, on_cpu = (trained(kind(), tasks, epochs=3, device=device) for device in ("cuda", "cpu"))
    torch.testing.assert_close(on_gpu, on_cpu, rtol=1e-2, atol=1e-3)


@gpu
def test_the_same_seed_gives_the_same_weights_on_a_gpu(tasks: list[Task]) -> None:
    first, again = (trained(PathOffering(), tasks, epochs=3, device="cuda") for _ in range(2))
    assert torch.equal(first, again)
