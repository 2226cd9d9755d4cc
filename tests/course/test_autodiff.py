"""The reference tape against PyTorch's, and every way round the rule "no torch.autograd" that we could think of."""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course.assignment import Assignment
from autograder.sandbox import Sandbox
from autograder.verify.bank import Kind, Sample
from autograder.verify.promises import _try
from lifelong.digits import FloatRefused, Precise, exp, log, tanh
from lifelong.plots import autodiff as figures
from tests.course.bank_reference import BY_ID, COURSE, cells, namespace
from tests.course.lecture_reference import ink
from tests.places import table
from tests.tool.sandboxes import setup

pytestmark = pytest.mark.heavy

NAMES = namespace("autodiff", {})

UNARY = ("neg", "exp", "log", "tanh", "square", "inverse")
BINARY = ("+", "-", "*", "/")


@st.composite
def programs(draw: st.DrawFn) -> tuple[list[float], list[tuple[Any, ...]]]:
    """Inputs, and up to twelve steps that may use any earlier result any number of times."""
    inputs = draw(st.lists(st.floats(0.3, 2.0), min_size=1, max_size=3))
    steps: list[tuple[Any, ...]] = []
    for count in range(len(inputs), len(inputs) + draw(st.integers(1, 12))):
        operand = st.integers(0, count - 1)
        if draw(st.booleans()):
            steps.append((draw(st.sampled_from(BINARY)), draw(operand), draw(operand)))
        else:
            steps.append((draw(st.sampled_from(UNARY)), draw(operand)))
    return inputs, steps


def step(name: str, a: Any, b: Any) -> Any:
    """One result; arguments are kept in a range where nothing overflows."""
    tame = b * b + 0.5
    results = {"+": a + b, "-": a - b, "*": a.tanh() * b, "/": a / tame, "neg": -a, "exp": a.tanh().exp()}
    results |= {"log": tame.log(), "tanh": a.tanh(), "square": a.tanh() ** 2, "inverse": 1 / tame}
    return results[name]


def run(steps: list[tuple[Any, ...]], inputs: list[Any]) -> Any:
    """The sum of all results, so that every step counts."""
    lines = list(inputs)
    for name, *at in steps:
        lines.append(step(name, lines[at[0]], lines[at[-1]]))
    total = lines[0]
    for line in lines[1:]:
        total = total + line
    return total


@settings(max_examples=200, deadline=None, derandomize=True)
@given(programs())
def test_the_reference_tape_equals_torch(program: tuple[list[float], list[tuple[Any, ...]]]) -> None:
    inputs, steps = program
    leaves = [NAMES["Value"](value) for value in inputs]
    result = run(steps, leaves)
    NAMES["backward"](result)
    tensors = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in inputs]
    theirs = run(steps, tensors)
    gradients = torch.autograd.grad(theirs, tensors, allow_unused=True)
    assert result.value == pytest.approx(theirs.item(), rel=1e-10, abs=1e-10)
    for leaf, gradient in zip(leaves, gradients, strict=True):
        right = 0.0 if gradient is None else gradient.item()
        assert leaf.grad == pytest.approx(right, rel=1e-10, abs=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_the_reference_tensors_equal_torch(seed: int) -> None:
    rng = np.random.default_rng(seed)
    arrays = [rng.uniform(0.5, 2, shape) for shape in ((4, 3), (3, 5), (5,), (4, 1))]

    def expression(x: Any, w: Any, b: Any, c: Any) -> Any:
        hidden = (x @ w - b * 3).relu() / c + (b * b).exp() * 0.1
        return ((hidden + 1).log() * hidden - 2 / (c + hidden * hidden)).sum()

    mine = [NAMES["Tensor"](array) for array in arrays]
    NAMES["backward"](expression(*mine))
    theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
    for own, right in zip(mine, torch.autograd.grad(expression(*theirs), theirs), strict=True):
        np.testing.assert_allclose(own.grad, right.numpy(), rtol=1e-10, atol=1e-12)


def test_the_reference_tape_fits_on_two_screens() -> None:
    own = {name: source for name, source in cells("autodiff") if name in ("backward_pass", "scalar_tape")}
    text = "\n".join(own.values()).splitlines()
    lines = [line for line in text if line.strip() and not line.strip().startswith("#")]
    assert len(own) == 2
    assert len(lines) <= 100, "two screens of 50 lines"


def test_the_answer_to_the_slides_example() -> None:
    w1, w2 = NAMES["Value"](5.0), NAMES["Value"](3.0)
    result = 3 * w1 * w1 + 2 * w1 * w2
    NAMES["backward"](result)
    assert (result.value, w1.grad, w2.grad) == (105, 36, 10)


def test_hessian_vector_equals_torch() -> None:
    def function(x: Any) -> Any:
        return (x[0] * x[1]).tanh() * x[2].exp() - x[1].log() / x[0]

    x, v = [0.7, 1.3, 0.4], [1.0, -2.0, 0.5]
    right = torch.autograd.functional.hvp(
        lambda t: function(list(t)), torch.tensor(x, dtype=torch.float64), torch.tensor(v, dtype=torch.float64)
    )[1]
    assert NAMES["hessian_vector"](function, x, v) == pytest.approx(right.tolist(), rel=1e-10)


@pytest.mark.parametrize(
    "use", [float, math.exp, lambda x: np.array([x], dtype=float), lambda x: np.array([x]).astype(float)]
)
def test_a_precise_number_refuses_to_become_a_float(use: Callable[[Precise], Any]) -> None:
    with pytest.raises(FloatRefused, match="50-digit"):
        use(Precise(1))


def test_precise_numbers_have_fifty_digits_and_mix_with_others() -> None:
    third = Precise(1) / 3
    assert str(third) == "0." + "3" * 50
    assert 1 - third * 3 == Precise("1e-50")
    assert str(Precise(0.1)).startswith("0.1000000000000000055511151231257827")
    array = np.array([third, 2 * third])
    assert abs(array @ np.array([3.0, 3.0]) - 3) < Precise("1e-48")
    assert array.sum().shape == ()
    assert np.exp(array).dtype == object
    assert abs(log(exp(third)) - third) < Precise("1e-48")
    assert abs(tanh(third) - (exp(2 * third) - 1) / (exp(2 * third) + 1)) < Precise("1e-48")
    assert (exp(0.0), log(1.0)) == (1.0, 0.0)


TABLE = table("course/evasions.toml")


def whole(source: str) -> str:
    """A cell with the pieces that it names."""
    return re.sub(r"^<(\w+)>$", lambda found: whole(TABLE["pieces"][found[1]]), source, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def sandbox() -> Any:
    with Sandbox(setup("autodiff"), private=[COURSE.root]) as made:
        yield made


@pytest.mark.parametrize("name", TABLE["evasions"])
def test_no_way_round_the_rule_earns_anything(name: str, sandbox: Sandbox) -> None:
    assignment = Assignment.load(COURSE, "autodiff")
    verdict = _try(assignment, sandbox, Sample("scalar_tape", Kind.NOTHING, name, whole(TABLE["evasions"][name])))
    assert verdict.score == 0, verdict.messages


def test_what_such_a_helper_computes_would_be_right_in_floats() -> None:
    """The evasions fail for their digits, not for a slip of ours: the same tape is right to 1e-12."""
    names = namespace("autodiff", {"scalar_tape": whole("import torch\n<direct>")})
    x = names["Value"](1.7)
    y = (x * x + 3 / x) * x.tanh() - x.log() ** 2
    names["backward"](y)
    t = torch.tensor(1.7, dtype=torch.float64, requires_grad=True)
    ((t * t + 3 / t) * t.tanh() - t.log() ** 2).backward()
    assert x.grad == pytest.approx(t.grad.item(), rel=1e-12)


def test_every_exercise_but_the_dot_product_test_is_judged_on_fifty_digits() -> None:
    """Each check that earns anything by itself has a case of 50 digits, or needs one that has."""
    for exercise in BY_ID.values():
        if exercise.id not in {name for name, _ in cells("autodiff")} or exercise.id == "dot_product_test":
            continue
        kinds = {case.name: case.inputs["kind"] for case in exercise.draw(np.random.default_rng(0))}
        precise = {check.name for check in exercise.checks if any(kinds[case] == "precise" for case in check.cases)}
        for check in exercise.checks:
            assert check.name in precise or set(check.needs) & precise, (exercise.id, check.name)


def test_the_figures_show_right_numbers() -> None:
    w1, w2 = NAMES["Value"](Fraction(5)), NAMES["Value"](Fraction(3))
    lines = {"w1": w1, "w2": w2, "v1": w1 * w1, "v3": w1 * w2}
    lines |= {"v2": 3 * lines["v1"], "v4": 2 * lines["v3"]}
    lines["v5"] = lines["v2"] + lines["v4"]
    NAMES["backward"](lines["v5"])
    end = figures.MOMENTS[-1]
    assert {key: Fraction(text) for key, text in end.values.items()} == {key: node.value for key, node in lines.items()}
    shown = {name: Fraction(text.split("=")[-1].strip()) for name, text in end.adjoints.items()}
    assert shown == {name: node.grad for name, node in lines.items()}


def test_the_figures_are_drawn_and_the_slider_moves_through_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    slider = figures.graph_steps().widget().children[0]
    pictures = set()
    for position in range(len(figures.MOMENTS)):
        slider.value = position
        pictures.add(figures.graph_steps()._png(position)[0])
    assert len(pictures) == len(figures.MOMENTS)
    drawings = [figures.homework_graph(), figures.dual_tangent(), figures.broadcasting(), figures.softmax_gradient()]
    drawings += [figures.beside_torch([1.0, 0.5], [1.0, 0.5]), figures.swell([1, 2], [9, 99], [6, 12])]
    for picture in drawings:
        assert 0.005 < ink(picture) < 0.9
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    assert figures.homework_graph() is None
