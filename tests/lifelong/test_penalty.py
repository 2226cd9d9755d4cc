"""The penalty's gradient in closed form: only where it is right, and then to the same end as through autograd."""

import pytest
import torch
from torch import Tensor, nn

from lifelong import Batches, Method, Params, Task
from tests.lifelong.small_runs import Offering, Spring, trained


class Lying(Offering):
    """Says so many times what its penalty is."""

    times = 1.0

    def consolidate(self, model: nn.Module, batches: Batches) -> None:
        super().consolidate(model, batches)
        self.said = {name: self.times * omega for name, omega in self.omega.items()}

    def quadratic(self) -> tuple[Params, Params] | None:
        return (self.said if self.omega else {}), self.anchor


class Huber(Offering):
    """Another penalty, which looks like the inherited square near the anchor."""

    def penalty(self, model: nn.Module) -> Tensor:
        near = super().penalty(model)
        return near - near**2 / 4


class RestlessSpring(Spring):
    """Finds new importances while it learns."""

    def observe(self, gradients: Params, steps: Params) -> None:
        self.omega = {name: 1.5 * omega for name, omega in self.omega.items()}


class Restless(RestlessSpring, Offering):
    pass


def weights(method: Method, tasks: list[Task], strength: float = 30.0) -> Tensor:
    method.strength = strength
    return trained(method, tasks, epochs=2)


STEPS = 2 * 10
"""A task: 2 epochs of 300 images in batches of 32."""


def test_the_closed_form_ends_where_autograd_does_and_asks_seldom(tasks: list[Task]) -> None:
    spring, offering = Spring(), Offering()
    torch.testing.assert_close(weights(offering, tasks), weights(spring, tasks), rtol=1e-4, atol=1e-6)
    assert spring.asked == 3 * STEPS
    assert offering.asked == 3 * 3  # a first step and a proof in the first epoch, a proof in the second


def test_the_guard_is_not_too_weak_to_show(tasks: list[Task]) -> None:
    assert (weights(Spring(), tasks) - weights(Spring(), tasks, strength=0.0)).norm() > 0.1


@pytest.mark.parametrize("strength", [30.0, 1e-3])
@pytest.mark.parametrize("times", [0.5, 0.998, 1.0005, 1.002, torch.nan])
def test_a_wrong_closed_form_is_not_believed_but_rounding_is(tasks: list[Task], times: float, strength: float) -> None:
    lying = Lying()
    lying.times = times
    found, right = weights(lying, tasks, strength), weights(Spring(), tasks, strength)
    if times == 1.0005:
        assert lying.asked == 3 * 3
    else:
        torch.testing.assert_close(found, right, rtol=1e-4, atol=1e-6)
        assert lying.asked >= 2 * STEPS  # of the first task, in which both are 0, it may be believed


def test_another_penalty_inherits_no_closed_form(tasks: list[Task]) -> None:
    huber = Huber()
    weights(huber, tasks)
    assert huber.asked == 3 * STEPS


def test_importances_that_change_on_the_way_are_noticed(tasks: list[Task]) -> None:
    restless = Restless()
    torch.testing.assert_close(weights(restless, tasks), weights(RestlessSpring(), tasks), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("misfit", ["missing", "shape", "dtype"])
def test_a_closed_form_that_does_not_fit_is_left_alone(tasks: list[Task], misfit: str) -> None:
    class Misfit(Offering):
        def quadratic(self) -> tuple[Params, Params] | None:
            omega = dict(self.omega)
            if omega and misfit == "missing":
                omega.popitem()
            elif misfit == "shape":
                omega = {name: value.reshape(-1) for name, value in omega.items()}
            else:
                omega = {name: value.double() for name, value in omega.items()}
            return omega, self.anchor

    torch.testing.assert_close(weights(Misfit(), tasks), weights(Spring(), tasks), rtol=1e-4, atol=1e-6)
