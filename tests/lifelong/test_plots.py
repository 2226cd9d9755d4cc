"""The figures: what they show can be read, nothing overlaps, and nothing is drawn on the tiny budget."""

import io
from collections.abc import Callable
from importlib import import_module
from inspect import signature
from itertools import pairwise
from pkgutil import iter_modules

import numpy as np
import pytest
import torch
from ipywidgets import Image, SelectionSlider
from matplotlib.colors import to_hex, to_rgb
from matplotlib.image import imread
from matplotlib.text import Text

from lifelong import History, load_mnist, permuted_tasks, plots
from lifelong.plots import Picture, Slider, differences
from lifelong.plots.style import LOOKS, picture
from tests.course.lecture_reference import drawn

TASKS, EPOCHS = 3, 2
IDEAS = [getattr(plots.ideas, name) for name in ("forgetting", "guard", "ewc", "mas", "si", "rwalk", "scp")]


def history(name: str, final: float, pixels: bool = True) -> History:
    """A made-up run whose old tasks fall to `final` in the end."""
    accuracies = torch.full((TASKS * EPOCHS, TASKS), 0.1, dtype=torch.float64)
    for epoch in range(TASKS * EPOCHS):
        learnt = epoch // EPOCHS
        accuracies[epoch, learnt] = 0.97
        accuracies[epoch, :learnt] = final
    maps = torch.rand(TASKS, 784, generator=torch.Generator().manual_seed(0)) if pixels else None
    return History(name, 1.0, EPOCHS, accuracies, accuracies[0], 1.0, "cpu", pixels=maps)


@pytest.fixture
def histories() -> list[History]:
    """All six, four of which end within a point of each other."""
    finals = {"Baseline": 0.70, "EWC": 0.930, "MAS": 0.931, "SI": 0.929, "RWalk": 0.932, "SCP": 0.80}
    return [history(name, final, pixels=name != "Baseline") for name, final in finals.items()]


def shown(picture: Picture | None) -> Picture:
    """The picture once it has been laid out, so that positions of its texts are known."""
    assert isinstance(picture, Picture)
    picture.savefig(io.BytesIO())
    return picture


@pytest.mark.parametrize("idea", IDEAS, ids=lambda idea: str(idea.__name__))
def test_ideas_have_labelled_axes(idea: Callable[[], Picture | None]) -> None:
    picture = shown(idea())
    assert all(axes.get_xlabel() or list(axes.get_xticklabels()) for axes in picture.axes)
    png, size = picture._repr_png_()
    assert imread(io.BytesIO(png)).shape[1] == pytest.approx(2 * size["width"], abs=2)


MODULES = [import_module(each.name) for each in iter_modules(plots.__path__, "lifelong.plots.")]
FIGURES = {
    f"{module.__name__}.{name}": made
    for module in MODULES
    for name, made in vars(module).items()
    if getattr(made, "__annotations__", {}).get("return") is Picture and made.__module__ == module.__name__
}


@pytest.mark.parametrize("name", [name for name in FIGURES if "._" not in name])
def test_a_figure_is_drawn_but_not_on_the_tiny_budget(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that need arguments are drawn in the lectures, which are run whole elsewhere."""
    needed = [each for each in signature(FIGURES[name]).parameters.values() if each.default is each.empty]
    assert needed or drawn(FIGURES[name]())
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    assert FIGURES[name](*[None] * len(needed)) is None


def test_lines_end_at_their_final_averages_with_labels_apart_and_are_told_in_words(histories: list[History]) -> None:
    picture = shown(plots.accuracy_curves(histories))
    (axes,) = picture.axes
    lines = [line for line in axes.get_lines() if len(line.get_xdata()) == TASKS * EPOCHS]
    finals = [float(line.get_ydata()[-1]) for line in lines]
    assert finals == pytest.approx([100 * float(item.average[-1]) for item in histories])
    assert axes.get_xlabel() == "epoch"
    assert "%" in axes.get_ylabel()
    names = [text for text in picture.axes[0].texts if text.get_text().split()[0] in LOOKS]
    assert len(names) == 6
    boxes = sorted((Text.get_window_extent(text) for text in names), key=lambda box: float(box.y0))
    assert all(lower.y0 + 0.7 * lower.height < upper.y0 for lower, upper in pairwise(boxes))
    assert max(box.x1 for box in boxes) <= picture.bbox.x1
    alternative = picture._repr_png_()[1]["alt"]
    assert alternative.startswith("The average accuracy over the tasks seen so far, after every epoch, a line for each")
    assert alternative.endswith("Who remembers?: average accuracy over the tasks seen so far (%) against epoch.")


def test_the_full_result_is_a_picture_of_the_package() -> None:
    assert plots.full_result().data.startswith(b"\x89PNG")


def test_matrices_show_every_entry_in_percent(histories: list[History]) -> None:
    picture = shown(plots.accuracy_matrices(histories))
    panels = [axes for axes in picture.axes if axes.get_title()]
    assert [axes.get_title().split(":")[0] for axes in panels] == [item.name for item in histories]
    for axes, item in zip(panels, histories, strict=True):
        written = [float(text.get_text()) for text in axes.texts]
        assert written == pytest.approx((100 * item.matrix).flatten().tolist(), abs=0.5)
        assert axes.get_xlabel()
        assert axes.get_ylabel()


def test_importance_maps_leave_out_what_has_none(histories: list[History]) -> None:
    picture = shown(plots.importance_maps(histories))
    assert [axes.get_title() for axes in picture.axes if axes.get_title()] == ["EWC", "MAS", "SI", "RWalk", "SCP"]
    shares = [axes.images[0].get_array() for axes in picture.axes[:10]]
    assert all(share is not None and share.shape == (28, 28) and share.max() == pytest.approx(1) for share in shares)
    with pytest.raises(ValueError, match="importances"):
        plots.importance_maps(histories[:1])


def test_a_single_history_can_be_drawn(histories: list[History]) -> None:
    for figure in (plots.accuracy_curves, plots.accuracy_matrices, plots.importance_maps):
        shown(figure(histories[1:2]))


def test_digits_are_drawn_in_each_tasks_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    data = load_mnist()
    monkeypatch.delenv("LIFELONG_BUDGET")
    tasks = permuted_tasks(data, lambda images, order: images[:, order], count=2)
    picture = shown(plots.permuted_digits(tasks, count=3))
    drawn = [axes.images[0].get_array() for axes in picture.axes]
    assert len(drawn) == 6
    second = drawn[4]
    assert second is not None
    assert second.flatten().tolist() == data.train.images[1][tasks[1].permutation].tolist()
    assert picture.axes[3].get_ylabel() == "task 2"


def test_methods_differ_in_colour_marker_and_line() -> None:
    looks = list(LOOKS.values())
    assert len({item.marker for item in looks}) == len({(item.color, item.line) for item in looks}) == len(looks)
    assert len({LOOKS[name].color for name in ("Baseline", "EWC", "MAS", "SI", "RWalk", "SCP")}) == 6
    lightness = {
        round(sum(weight * part for weight, part in zip((0.2, 0.7, 0.1), to_rgb(item.color), strict=True)), 1)
        for item in looks
    }
    assert len(lightness) >= 3


# Finite differences.

STEPS = np.logspace(0, -16, 33)
SLOPES = (np.exp(1 + STEPS) - np.exp(1.0)) / STEPS
H = np.logspace(-16, -1, 50)
ERRORS = {"float64": {"forward": H + 1e-16 / H, "complex step": np.zeros(50)}}
BEST = {"float64": {"forward": 1e-8}}


def test_the_slider_has_every_step_and_its_still_shows_both_ends_of_the_v() -> None:
    slider = differences.secants(np.exp, 1.0, np.e, STEPS, SLOPES)
    control = slider.widget().children[0]
    assert [label for label, _ in control.options] == [f"h = {step:.0e}" for step in STEPS]
    assert {"image/png", "application/vnd.jupyter.widget-view+json"} <= set(slider._repr_mimebundle_()[0])


def test_a_secant_has_the_slope_it_is_given_and_its_error_on_the_v() -> None:
    left, right = shown(differences.secant(np.exp, 1.0, np.e, STEPS, SLOPES, 4)).axes
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


# Sliders.


def dots(count: int) -> Picture:
    """A picture with so many dots."""
    figure, (axes,) = picture(1, 1, 2, 1)
    axes.plot(range(count), range(count), "o")
    return figure


def test_moving_the_slider_changes_the_picture() -> None:
    box = Slider(lambda at: dots(at + 1), ["one", "two"], dots(2)).widget()
    slider, image = box.children
    assert isinstance(slider, SelectionSlider)
    assert isinstance(image, Image)
    assert image.value == dots(1)._repr_png_()[0]
    slider.value = 1
    assert image.value == dots(2)._repr_png_()[0]


def test_the_still_is_shown_beside_the_widget(monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, size = Slider(lambda at: dots(at + 1), ["one", "two"], dots(2))._repr_mimebundle_()
    assert bundle["image/png"] == dots(2)._repr_png_()[0]
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert size["image/png"]["width"] == 192
    monkeypatch.setenv("LIFELONG_BUDGET", "tiny")
    assert set(Slider(lambda at: None, ["one"], None)._repr_mimebundle_()[0]) == {"text/plain"}
