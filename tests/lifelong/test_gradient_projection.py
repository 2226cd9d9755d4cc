"""GEM's and A-GEM's turned gradients: no condition violated, nothing nearer, nothing changed without need."""

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.utils import parameters_to_vector

from lifelong import Task, mlp, normalise
from lifelong.strategies import AGEM, GEM, Batch, Strategy, train
from lifelong.strategies.agem import project
from lifelong.strategies.gem import nearest

NUMBERS = st.floats(-10, 10, allow_subnormal=False).map(lambda number: round(number, 3))


@st.composite
def problems(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """g [P] and constraints [k, P]: more or fewer than P, zeros, equal and opposite ones among them."""
    width, count = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    vector = st.lists(NUMBERS, min_size=width, max_size=width)
    rows = draw(st.lists(vector, min_size=count, max_size=count))
    if draw(st.booleans()):
        rows.append([draw(st.sampled_from([-1, 0, 1, 2])) * number for number in rows[0]])
    return torch.tensor(draw(vector), dtype=torch.float64), torch.tensor(rows, dtype=torch.float64)


@given(problems())
def test_the_turned_gradient_violates_no_constraint_and_no_allowed_vector_lies_nearer(
    problem: tuple[Tensor, Tensor],
) -> None:
    """z is the nearest one if and only if it is allowed, z − g is at right angles to z, and z − g = Σ v_k g_k, v ≥ 0.

    The last by Farkas' lemma: no allowed direction makes an obtuse angle with z − g. Random ones are tried.
    """
    gradient, constraints = problem
    turned = nearest(gradient, constraints)
    units = constraints / constraints.norm(dim=1, keepdim=True).clamp(min=1e-30)
    assert (units @ turned >= -1e-8 * gradient.norm()).all()
    push, scale = turned - gradient, 1 + float(gradient.square().sum())
    assert abs(float(push @ turned)) <= 1e-7 * scale
    others = torch.randn(200, len(gradient), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    allowed = others[(others @ constraints.T >= 0).all(dim=1)]
    assert (allowed @ push >= -1e-7 * scale * allowed.norm(dim=1)).all()
    distances = (allowed * gradient.norm() - gradient).norm(dim=1)
    assert (distances >= push.norm() - 1e-7 * scale).all()


@given(problems())
def test_a_gradient_that_violates_nothing_stays_as_it_is(problem: tuple[Tensor, Tensor]) -> None:
    gradient, constraints = problem
    flipped = torch.where((constraints @ gradient < 0)[:, None], -constraints, constraints)
    assert nearest(gradient, flipped) is gradient


def test_millions_of_weights_in_float32() -> None:
    generator = torch.Generator().manual_seed(0)
    gradient, *rest = torch.randn(5, 1_000_000, generator=generator)
    constraints = torch.stack(rest) - 0.3 * gradient
    turned = nearest(gradient, constraints)
    cosines = constraints @ turned / constraints.norm(dim=1) / turned.norm()
    assert (cosines >= -1e-5).all()
    assert (constraints @ gradient < 0).all()
    assert turned.norm() > 0.5 * gradient.norm()


@given(problems())
def test_the_averaged_condition_holds_after_projection(problem: tuple[Tensor, Tensor]) -> None:
    gradient, constraints = problem
    for reference in constraints:
        turned = project(gradient, reference)
        assert turned @ reference >= -1e-9 * (1 + gradient.norm() * reference.norm())
        if gradient @ reference >= 0:
            assert turned is gradient
        else:
            assert torch.allclose(turned, nearest(gradient, reference[None]))


class Checked(GEM):
    """Asserts after every step's backward that its condition holds in the network; counts the gradients turned."""

    turned = 0

    def backward(self, batch: Batch) -> None:
        Strategy.backward(self, batch)
        before = self.current()
        for weight in self.model.parameters():
            weight.grad = None
        super().backward(batch)
        after = self.current()
        for task, examples in enumerate(self.memories):
            reference = self.gradient(examples, task)
            assert after @ reference >= -1e-5 * after.norm() * reference.norm()
        self.turned += not torch.equal(before, after)

    def current(self) -> Tensor:
        return parameters_to_vector([each.grad for each in self.model.parameters() if each.grad is not None])


def test_no_step_of_a_training_violates_a_condition(tasks: list[Task]) -> None:
    strategy = Checked(memory=30)
    torch.manual_seed(0)
    train(strategy, tasks, model=mlp((784, 32, 10)), epochs=4, batch_size=50, learning_rate=1e-3, precision="float32")
    assert strategy.turned > 5


def test_agem_looks_at_examples_of_all_earlier_tasks_with_their_own_labels(tasks: list[Task]) -> None:
    strategy = AGEM(memory=40, batch=4_000)
    torch.manual_seed(0)
    train(strategy, tasks[:2], model=mlp((784, 16, 10)), epochs=1, precision="float32")
    images = torch.cat([kept.images for kept in strategy.memories])
    labels = torch.cat([kept.labels for kept in strategy.memories])
    loss = torch.nn.functional.cross_entropy(strategy.model(normalise(images)), labels)
    everything = parameters_to_vector(torch.autograd.grad(loss, list(strategy.model.parameters())))
    push = strategy.turn(-everything) + everything
    assert torch.cosine_similarity(push, everything, dim=0) > 0.99
    assert torch.equal(strategy.turn(everything), everything)
