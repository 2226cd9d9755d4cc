"""The figures of finite differences show what they are given, and nothing on the tiny budget."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_hex

from lifelong.plots import Picture, differences

STEPS = np.logspace(0, -16, 33)
SLOPES = (np.exp(1 + STEPS) - np.exp(1.0)) / STEPS
H = np.logspace(-16, -1, 50)
ERRORS = {"float64": {"forward": H + 1e-16 / H, "complex step": np.zeros(50)}}
BEST = {"float64": {"forward": 1e-8}}


def shown(picture: Picture | None) -> Picture:
    """The picture, once it has been drawn."""
    assert isinstance(picture, Picture)
    picture.savefig(io.BytesIO())
    return picture


def test_the_slider_has_every_step_and_its_still_shows_both_ends_of_the_v() -> None:
    slider = differences.secants(np.exp, 1.0, np.e, STEPS, SLOPES)
    control = slider.widget().children[0]
    assert [label for label, _ in control.options] == [f"h = {step:.0e}" for step in STEPS]
    assert {"image/png", "application/vnd.jupyter.widget-view+json"} <= set(slider._repr_mimebundle_()[0])


def test_a_secant_has_the_slope_it_is_given_and_its_error_on_the_v() -> None:
    left, right = shown(differences.secant(np.exp, 1.0, np.e, STEPS, SLOPES, [4])).axes
    drawn = {line.get_slope() for line in left.get_lines() if hasattr(line, "get_slope")}
    assert drawn == {np.e, float(SLOPES[4])}
    point = right.get_lines()[-1]
    assert float(point.get_xdata()[0]) == STEPS[4]
    assert float(point.get_ydata()[0]) == pytest.approx(abs(SLOPES[4] - np.e))
    assert all(axes.get_xlabel() and axes.get_ylabel() for axes in (left, right))


def test_curves_are_labelled_with_slopes_and_marked_at_the_best_step() -> None:
    picture = shown(differences.error_curves({"float64": H}, ERRORS, {"forward": 1.0}, BEST))
    assert [text.get_text() for text in picture.legends[0].get_texts()] == ["forward, slope 1.00", "complex step"]
    upright = [line for line in picture.axes[0].get_lines() if list(line.get_xdata()) == [1e-8, 1e-8]]
    assert len(upright) == 1
    assert to_hex(upright[0].get_color()).lower() == differences.LINES["forward"].color.lower()


def test_the_cost_of_a_large_network_is_told_in_words() -> None:
    sizes = np.array([1e2, 1e3, 1e4])
    picture = shown(differences.cost(sizes, 1e-4 * sizes, 5e-4 * np.ones(3), network=54_000_000))
    words = [text.get_text() for text in picture.axes[0].texts]
    assert words == ["1.5 hours", "500 µs"]


@pytest.mark.parametrize("figure", [differences.schemes, differences.valley])
def test_nothing_is_drawn_on_the_tiny_budget(figure, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(axes.lines for axes in shown(figure()).axes)
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    assert figure() is None
    slider = differences.secants(np.exp, 1.0, np.e, STEPS, SLOPES)
    assert set(slider._repr_mimebundle_()[0]) == {"text/plain"}
