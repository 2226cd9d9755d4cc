"""The key of the questions on EWC, MAS and SCP, derived by running code."""

import copy
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tests.course.quiz_reference import Batches, examples, flat, network, prove, prove_number, reference, same

SEEDS = range(3)


def ewc(model: nn.Module, batches: Batches) -> dict[str, Tensor]:
    return reference().EWC().importance(model, batches)


def mas(model: nn.Module, batches: Batches) -> dict[str, Tensor]:
    return reference().MAS().importance(model, batches)


def scp(model: nn.Module, batches: Batches, directions: Tensor) -> dict[str, Tensor]:
    return reference().SCP().importance(model, batches, directions)


def zeroed(layer: nn.Linear) -> nn.Linear:
    """The layer with nothing but zeros."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)
    return layer


def shuffled(batches: Batches) -> Batches:
    """The same images, each with the label of the next."""
    return Batches(batches.inputs, batches.labels.roll(1), batches.size)


def of_batch_means(
    model: nn.Module, batches: Batches, loss: Callable[[Tensor, Tensor], Tensor], size: Callable[[Tensor], Tensor]
) -> dict[str, Tensor]:
    """The mean over the batches of a function of the batch's gradient, as in the snippets of the quiz."""
    omega = {name: torch.zeros_like(parameter) for name, parameter in model.named_parameters()}
    for inputs, labels in batches:
        gradients = torch.autograd.grad(loss(model(inputs), labels), list(model.parameters()))
        for name, gradient in zip(omega, gradients, strict=True):
            omega[name] += size(gradient) / len(batches)
    return omega


def squared_batch_means(model: nn.Module, batches: Batches) -> dict[str, Tensor]:
    return of_batch_means(model, batches, F.cross_entropy, torch.square)


def fisher(model: nn.Module, batches: Batches) -> dict[str, Tensor]:
    """The model-label Fisher, by its definition."""
    omega = {name: torch.zeros_like(parameter) for name, parameter in model.named_parameters()}
    for x in batches.inputs:
        log_p = model(x).log_softmax(dim=0)
        for k in range(len(log_p)):
            gradients = torch.autograd.grad(log_p[k], list(model.parameters()), retain_graph=True)
            for name, gradient in zip(omega, gradients, strict=True):
                omega[name] += log_p[k].exp().detach() * gradient**2 / len(batches.inputs)
    return omega


def test_quiz_05_fisher_by_hand() -> None:
    model = zeroed(nn.Linear(1, 2).double())
    batches = Batches(torch.tensor([[1.0], [3.0]]).double(), torch.tensor([0, 1]), 2)
    prove_number("quiz-05", ewc(model, batches)["weight"][0, 0].item())


def test_quiz_06_square_of_batch_means() -> None:
    constant, one, labels_drawn, never_greater = [], [], [], []
    for seed in SEEDS:
        model, data = network(seed), examples(seed)
        omega = ewc(model, Batches(*data, 8))
        wrong = squared_batch_means(model, Batches(*data, 8))
        ratio = (flat(wrong) / flat(omega))[flat(omega) > 0]
        constant.append(ratio.max() - ratio.min() < 1e-6)
        one.append(same(squared_batch_means(model, Batches(*data, 1)), omega))
        labels_drawn.append(same(wrong, fisher(model, Batches(*data, 8))))
        never_greater.append(bool((flat(wrong) <= flat(omega) + 1e-12).all()))
    bias = zeroed(nn.Linear(1, 2).double())
    opposite = Batches(torch.ones(2, 1).double(), torch.tensor([0, 1]), 2)
    cancelled = not flat(squared_batch_means(bias, opposite)).any() and bool(flat(ewc(bias, opposite)).all())
    prove("quiz-06", A=all(constant), B=all(one), C=cancelled, D=all(labels_drawn), E=all(never_greater))


def test_quiz_07_two_fishers() -> None:
    model = network(0, outputs=10)
    inputs, labels = examples(0, count=30, classes=10)
    batches = Batches(inputs, labels, 30)
    empirical, model_label = ewc(model, batches), fisher(model, batches)

    shuffle_leaves = same(fisher(model, shuffled(batches)), model_label)
    assert not same(ewc(model, shuffled(batches)), empirical)

    certain = Batches(inputs, model(inputs).argmax(dim=1), 30)
    sizes = []
    for scale in (1.0, 100.0, 100000.0):
        sharper = copy.deepcopy(model)
        with torch.no_grad():
            sharper[2].weight *= scale
            sharper[2].bias *= scale
        sizes.append(max(float(which(sharper, certain)["2.bias"].norm()) for which in (ewc, fisher)))
    tends_to_zero = sizes[0] > 1e-3 and sizes[2] < 1e-9

    uniform = copy.deepcopy(model)
    zeroed(uniform[2])
    equal_if_uniform = same(ewc(uniform, batches), fisher(uniform, batches))

    raised = copy.deepcopy(model)
    with torch.no_grad():
        raised[2].bias += 1
    only_empirical = not same(ewc(raised, batches), empirical) and same(fisher(raised, batches), model_label)

    argmax_is_fisher = same(ewc(model, certain), model_label)
    prove("quiz-07", A=shuffle_leaves, B=tends_to_zero, C=equal_if_uniform, D=argmax_is_fisher, E=only_empirical)


def test_quiz_08_mas_by_hand() -> None:
    model = nn.Linear(2, 2, bias=False).double()
    with torch.no_grad():
        model.weight.copy_(torch.tensor([[2.0, 0.0], [0.0, 1.0]]))
    batches = Batches(torch.tensor([[1.0, 1.0], [-1.0, 1.0]]).double(), torch.tensor([0, 1]), 2)
    prove_number("quiz-08", mas(model, batches)["weight"][0, 1].item())


def test_quiz_09_what_leaves_mas_unchanged() -> None:
    truth: dict[str, list[bool]] = {letter: [] for letter in "ABCDE"}
    for seed in SEEDS:
        model, data = network(seed), examples(seed)
        batches = Batches(*data, 12)
        omega = mas(model, batches)
        raised, negated = copy.deepcopy(model), copy.deepcopy(model)
        with torch.no_grad():
            raised[2].bias += 0.5
            negated[2].weight *= -1
            negated[2].bias *= -1
        softmax = of_batch_means(model, Batches(*data, 1), lambda f, _: f.softmax(1).square().sum(1).mean(), torch.abs)
        truth["A"].append(same(mas(model, shuffled(batches)), omega))
        truth["B"].append(same(mas(raised, batches), omega))
        truth["C"].append(same(mas(negated, batches), omega))
        truth["D"].append(same(softmax, omega))
        truth["E"].append(same(mas(model, Batches(*data, 5)), omega))
    prove("quiz-09", **{letter: all(values) for letter, values in truth.items()})


def test_quiz_10_absolute_value_of_batch_means() -> None:
    def squared_norm(outputs: Tensor, _: Tensor) -> Tensor:
        return outputs.pow(2).sum(dim=1).mean()

    truth: dict[str, list[bool]] = {letter: [] for letter in "ABCD"}
    for seed in SEEDS:
        model, data = network(seed), examples(seed)
        batches, single = Batches(*data, 8), Batches(*data, 1)
        omega = flat(mas(model, batches))
        wrong = flat(of_batch_means(model, batches, squared_norm, torch.abs))
        positive = flat(of_batch_means(model, single, squared_norm, lambda g: (g >= 0).double()))
        negative = flat(of_batch_means(model, single, squared_norm, lambda g: (g <= 0).double()))
        one_sign = (positive > 1 - 1e-9) | (negative > 1 - 1e-9)
        assert omega[one_sign].any()
        assert not torch.allclose(wrong, omega)
        truth["A"].append(torch.allclose(flat(of_batch_means(model, batches, squared_norm, torch.square)), omega))
        truth["B"].append(torch.allclose(flat(of_batch_means(model, single, squared_norm, torch.abs)), omega))
        norms = flat(of_batch_means(model, batches, lambda outputs, _: outputs.norm(dim=1).mean(), torch.abs))
        truth["C"].append(torch.allclose(norms, omega))
        truth["D"].append(torch.allclose(wrong[one_sign], omega[one_sign]))
    prove("quiz-10", **{letter: all(values) for letter, values in truth.items()})


def test_quiz_17_scp_by_hand() -> None:
    def omega(seed: int, copies: int = 1) -> dict[str, Tensor]:
        torch.manual_seed(seed)
        inputs = torch.tensor([[1.0, 1.0], [1.0, -1.0]]).double().repeat(copies, 1)
        batches = Batches(inputs, torch.zeros(2 * copies, dtype=torch.int64), 2)
        return scp(nn.Linear(2, 2).double(), batches, torch.tensor([[0.6, 0.8]], dtype=torch.float64))

    got = omega(0)
    prove(
        "quiz-17",
        A=torch.allclose(got["bias"], torch.tensor([0.6, 0.8]).double()),
        B=abs(got["bias"][0].item() - 0.36) < 1e-9,
        C=abs(got["weight"][0, 1].item() - 0.36) < 1e-9,
        D=all(same(got, omega(seed)) for seed in SEEDS),
        E=same(omega(0, copies=2), {name: 2 * value for name, value in got.items()}),
    )


def test_quiz_18_directions() -> None:
    draws = {
        "A": "v = torch.randn(L, K); v = v / v.norm(dim=1, keepdim=True)",
        "B": "v = 2 * torch.rand(L, K) - 1; v = v / v.norm(dim=1, keepdim=True)",
        "C": "v = torch.randn(L, K); v = v / v.norm(dim=0, keepdim=True)",
        "D": "v = torch.nn.functional.normalize(torch.randn(L, K))",
        "E": "v = torch.randn(L, K) / K**0.5",
    }
    truth = {}
    for letter, line in draws.items():
        uniform = []
        for dimensions in (2, 3):
            torch.manual_seed(0)
            names = {"torch": torch, "L": 200_000, "K": dimensions}
            exec(line, names)
            v = names["v"]
            unit = torch.allclose(v.norm(dim=1), torch.ones(len(v)), atol=1e-4)
            fourth_moment = 3 / (dimensions * (dimensions + 2))  # of a coordinate, uniform on the sphere
            uniform.append(unit and abs(v[:, 0].pow(4).mean().item() - fourth_moment) < 0.005)
        truth[letter] = all(uniform)
    prove("quiz-18", **truth)


def test_quiz_19_scp_properties() -> None:
    truth: dict[str, list[bool]] = {letter: [] for letter in "ABDE"}
    for seed in SEEDS:
        model, batches = network(seed), Batches(*examples(seed), 7)
        directions = reference().sphere(50, 4, torch.Generator().manual_seed(seed)).double()
        flipped = torch.cat([-directions[:1], directions[1:]])
        mean_direction = directions.mean(dim=0, keepdim=True)
        omega = scp(model, batches, directions)
        truth["A"].append(same(scp(model, shuffled(batches), directions), omega))
        truth["B"].append(abs(omega["2.bias"].sum().item() - 1) < 1e-6)
        truth["D"].append(same(scp(model, batches, mean_direction), omega))
        truth["E"].append(same(scp(model, batches, flipped), omega))
    model, batches = network(0), Batches(*examples(0), 24)
    generator = torch.Generator().manual_seed(0)
    total = {}
    for slices in (20, 40):
        drawn = (reference().sphere(slices, 4, generator).double() for _ in range(100))
        total[slices] = sum(flat(scp(model, batches, each)).sum().item() for each in drawn)
    doubles = abs(total[40] / total[20] - 2) < 0.5
    prove("quiz-19", **{letter: all(values) for letter, values in truth.items()}, C=doubles)
