"""A slider moves its picture, and shows a still where there is no kernel."""

import pytest
from ipywidgets import Image, SelectionSlider

from lifelong.plots import Picture, Slider
from lifelong.plots.style import picture


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
