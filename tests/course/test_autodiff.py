"""The tape: how long the reference is, numbers of fifty digits, and every way round the rule "no torch.autograd" that we could think of."""

import math
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch

from autograder.judging.failures import crash
from lifelong.digits import FloatRefused, Precise, exp, log, tanh
from lifelong.plots import autodiff as figures
from tests.course.bank_reference import BY_ID, Tried, cells, namespace, verdict
from tests.places import table

pytestmark = pytest.mark.heavy

NAMES = namespace("autodiff", {})


def test_the_reference_tape_fits_on_two_screens() -> None:
    own = {name: source for name, source in cells("autodiff") if name in ("backward_pass", "scalar_tape")}
    text = "\n".join(own.values()).splitlines()
    lines = [line for line in text if line.strip() and not line.strip().startswith("#")]
    assert len(own) == 2
    assert len(lines) <= 100, "two screens of 50 lines"


@pytest.mark.parametrize("use", [float, math.exp, lambda x: np.array([x], float), lambda x: np.array(x).astype(float)])
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
    assert np.vdot(array, array) == array @ array.conj()
    assert abs(array.var() - third**2 / 4) < Precise("1e-48")
    assert abs(log(exp(third)) - third) < Precise("1e-48")
    assert abs(tanh(third) - (exp(2 * third) - 1) / (exp(2 * third) + 1)) < Precise("1e-48")
    assert (exp(0.0), log(1.0)) == (1.0, 0.0)


@pytest.mark.parametrize(("name", "code"), table("course/crashes.toml").items())
def test_an_error_of_an_own_number_is_named(name: str, code: str) -> None:
    with pytest.raises((TypeError, ArithmeticError, AttributeError)) as raised:
        exec(code)
    assert crash({"type": raised.type.__name__, "message": str(raised.value)}, BY_ID["dual_numbers"])[0] == name


TABLE = table("course/evasions.toml")


def whole(source: str) -> str:
    """A cell with the pieces that it names."""
    return re.sub(r"^<(\w+)>$", lambda found: whole(TABLE["pieces"][found[1]]), source, flags=re.MULTILINE)


@pytest.mark.parametrize("name", TABLE["evasions"])
def test_no_way_round_the_rule_earns_anything(name: str, tried: Tried) -> None:
    verdict = tried("scalar_tape", whole(TABLE["evasions"][name]))
    assert verdict.score == 0, verdict.messages


def test_a_function_that_calls_itself_is_told_so() -> None:
    source = dict(cells("autodiff"))["dual_numbers"].replace("* self.value ** (n - 1)", "* self ** (n - 1)")
    assert "RecursionError" in " ".join(verdict("dual_numbers", {"dual_numbers": source}, 0).messages)


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
