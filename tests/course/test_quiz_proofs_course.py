"""The key of the questions on the basics and on other methods, derived by running code."""

import ast
import itertools
from typing import Any

import pytest
import torch

from lifelong import Method, load_mnist, mlp, permuted_tasks
from lifelong.strategies.agem import project
from lifelong.strategies.gem import nearest
from lifelong.strategies.icarl import herding
from lifelong.strategies.lwf import distillation
from tests.course.quiz_reference import QUIZ, Batches, adam, examples, learn, network, parameters, prove, reference


def test_quiz_01_permuted_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    _, first, second = permuted_tasks(load_mnist(), reference().permute, count=3, seed=0)
    a, b = first.train.images, second.train.images
    went = second.permutation.argsort()[first.permutation]  # the position in the second task of each pixel of the first

    def place(pixel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return pixel // 28, pixel % 28

    left = torch.tensor([p for p in range(784) if p % 28 < 27])
    (row, column), (other_row, other_column) = place(went[left]), place(went[left + 1])
    neighbours = bool(((row == other_row) & ((column - other_column).abs() == 1)).all())

    counts = all(torch.equal(x.bincount(minlength=256), y.bincount(minlength=256)) for x, y in zip(a, b, strict=True))
    means = torch.allclose(a.double().mean(dim=0), b.double().mean(dim=0))

    torch.manual_seed(0)
    model = mlp((784, 32, 10))
    reordered = mlp((784, 32, 10))
    reordered.load_state_dict(model.state_dict())
    with torch.no_grad():
        reordered[0].weight[:, went] = model[0].weight
    solves = torch.allclose(reordered(b / 255), model(a / 255), atol=1e-5)
    prove("quiz-01", A=neighbours, B=counts, C=means, D=solves, E=torch.equal(first.train.labels, second.train.labels))


def test_quiz_02_numbers_of_parameters() -> None:
    model = mlp()
    sizes = [parameter.numel() for parameter in model.parameters() if parameter.requires_grad]

    def kept(tasks: int) -> int:
        method, small = reference().EWC(), network(0)
        for task in range(tasks):
            method.consolidate(small, Batches(*examples(task), 8))
        return sum(value.numel() for part in (method.omega, method.anchor) for value in part.values())

    def outputs_after(tasks: int) -> int:
        small = network(0)
        for task in range(tasks):
            reference().EWC().consolidate(small, Batches(*examples(task), 8))
        return len(small[-1].bias)

    prove(
        "quiz-02",
        A=sizes[0] + sizes[1] > sum(sizes) / 2,
        B=sum(sizes) == 1_460_736,
        C=kept(5) == 5 * kept(1),
        D=sum(sizes) == 1_462_538,
        E=outputs_after(2) == 2 * outputs_after(1),
    )


def test_quiz_03_metrics() -> None:
    source = QUIZ["quiz-03"].text.split("```python\n")[1].split("```")[0]
    R = torch.tensor(ast.literal_eval(source.removeprefix("R = ")), dtype=torch.float64)

    def about(value: Any, number: float) -> bool:
        return abs(float(value) - number) <= 0.005

    methods = reference()
    prove(
        "quiz-03",
        A=about(methods.forgetting(R), 0.07),
        B=about(methods.average_accuracy(R), 0.88),
        C=about(methods.backward_transfer(R), -0.07),
        D=about(methods.average_accuracy(R), 0.93),
        E=R[1, 0] > R[0, 0],
    )


class Diary:
    """What happened in one run of the loop of question 4."""

    def __init__(self) -> None:
        self.ends: list[dict[str, torch.Tensor]] = []
        self.adam_began_empty: list[bool] = []
        self.measured = 0

    def adam(self, weights: Any) -> torch.optim.Optimizer:
        made = adam(weights)
        self.adam_began_empty.append(not made.state)
        return made


def loop(method: Method) -> Diary:
    """The loop as the question prints it, on two small tasks."""
    model, diary = network(0), Diary()
    for task in range(2):
        batches = Batches(*examples(task), 8)
        learn(method, model, batches, epochs=10, optimiser=diary.adam)
        walks = batches.walks
        method.consolidate(model, batches)
        diary.measured += batches.walks - walks
        diary.ends.append(parameters(model))
    return diary


def ends_alike(left: dict[str, torch.Tensor], right: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(left[name], right[name]) for name in left)


def test_quiz_04_training_loop() -> None:
    def method(kind: str, strength: float) -> Any:
        result = getattr(reference(), kind)()
        result.strength = strength
        return result

    weak, strong = loop(method("EWC", 1.0)), loop(method("EWC", 1000.0))
    assert not ends_alike(weak.ends[1], strong.ends[1])
    plain = [loop(method(kind, 0.0)).ends[-1] for kind in ("EWC", "SI")]

    ewc, model = method("EWC", 1.0), network(0)
    initial = parameters(model)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1
    ewc.consolidate(model, Batches(*examples(0), 8))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1
    ewc.penalty(model).backward()
    # The pull −∂P/∂θ = 2Ω(target − θ): what it is proportional to says where it leads.
    to_initial = all(
        torch.allclose(-p.grad, 2 * ewc.omega[name] * (initial[name] - p.detach()))
        for name, p in model.named_parameters()
    )
    prove(
        "quiz-04",
        A=not all(weak.adam_began_empty),
        B=weak.measured == 2 * 10,
        C=ends_alike(weak.ends[0], strong.ends[0]),
        D=ends_alike(*plain),
        E=to_initial,
    )


def test_quiz_21_distillation() -> None:
    """The entropy and the gradient; that LwF keeps no images is a matter of its definition."""
    flatter, still = [], []
    for logits in 3 * torch.randn(20, 5, generator=torch.Generator().manual_seed(0), dtype=torch.float64):
        hard, soft = logits.softmax(dim=0), (logits / 2).softmax(dim=0)
        flatter.append(-(soft * soft.log()).sum() > -(hard * hard.log()).sum())
        new = logits.clone().requires_grad_()
        term = distillation(new[None], logits[None], 2)
        assert term > 0
        still.append(torch.autograd.grad(term, new)[0].abs().max() < 1e-12)
    prove("quiz-21", beyond="AB", C=all(flatter), D=all(still))


def test_quiz_22_herding() -> None:
    """The order of herding and the shares of the budget; the other options are iCaRL's definition."""
    features = torch.tensor([[-3.0], [1.0], [2.0]])
    chosen = features[herding(features, 2)].flatten().tolist()
    prove("quiz-22", beyond="BCD", A=chosen == [1.0, -3.0], E=(2000 // 10, 2000 // 20) == (200, 100))


def vector(*entries: float) -> torch.Tensor:
    return torch.tensor(entries, dtype=torch.float64)


def gem_dual(g: torch.Tensor, memories: torch.Tensor) -> torch.Tensor:
    """The multipliers v ≥ 0 that minimise ‖g + Gᵀv‖², by projected gradient descent: one a memory."""
    v = torch.zeros(len(memories), dtype=torch.float64)
    for _ in range(5000):
        v = (v - memories @ (g + memories.T @ v) / memories.norm() ** 2).clamp(min=0)
    return v


def test_quiz_23_gem_projection() -> None:
    g, memories = vector(2, -1), torch.stack([vector(0, 1), vector(-1, 1)])
    used, unbroken = nearest(g, memories), vector(-1, 2)
    large, *others = torch.randn(3, 50, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    unknowns = []
    for gradient, past in ((g, memories), (large, torch.stack(others) - large)):
        v = gem_dual(gradient, past)
        assert torch.allclose(gradient + past.T @ v, nearest(gradient, past))
        unknowns.append(len(v))
    prove(
        "quiz-23",
        A=torch.allclose(used, vector(0.5, 0.5)),
        B=torch.allclose(used, vector(1.2, 0.6)),
        C=torch.equal(nearest(unbroken, memories), unbroken),
        D=unknowns == [2, 2],
    )


def test_quiz_24_agem_projection() -> None:
    g, r = vector(1, -2), vector(1, 1)
    used = project(g, r)
    assert torch.allclose(used, nearest(g, r[None]))  # A-GEM is GEM with the one memory of all past tasks
    # Two past tasks' gradients with r as their mean: is there a pair of which one has a negative product with g̃?
    grid = (vector(*pair) for pair in itertools.product(range(-3, 4), repeat=2))
    sure = all(min(used @ one, used @ (2 * r - one)) > -1e-9 for one in grid)
    prove(
        "quiz-24",
        A=abs(used @ r) < 1e-9,
        B=torch.allclose(used, vector(2, -1)),
        C=sure,
        D=torch.allclose(used, vector(1.5, -1.5)),
        E=not torch.allclose(project(g, 2 * r), used),
    )


def test_quiz_25_replay_weights() -> None:
    """The weights of the third task's two losses make each task count the same; the rest is DGR's definition."""
    new = 1 / 3
    generator = torch.Generator().manual_seed(0)
    tasks = torch.rand(3, generator=generator, dtype=torch.float64)  # the three tasks' mean losses
    total = new * tasks[2] + (1 - new) * tasks[:2].mean()
    assert total == pytest.approx(float(tasks.mean()))
    prove("quiz-25", beyond="ABD", C=(1 - new) / new == pytest.approx(2))
