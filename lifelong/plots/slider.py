"""A picture that a slider moves where there is a kernel, and a still of some of its positions where there is none."""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from lifelong.budget import budget
from lifelong.plots.style import Picture

WIDGET = "application/vnd.jupyter.widget-view+json"


class Slider:
    """A picture with a slider below it. As a cell's last value it shows itself.

    Notebooks with a kernel show the widget. What cannot – a page, slides, a preview on the web – shows ``still``.

    Args:
        draw: the picture at a position, 0 … len(labels) − 1; every picture of the same size.
        labels: the text beside the slider at each position, e.g. ``["h = 1", "h = 0.5"]``.
        still: the picture for readers without a kernel, which shows several positions at once.
        start: the position at first.
    """

    def __init__(
        self, draw: Callable[[int], Picture | None], labels: Sequence[str], still: Picture | None, start: int = 0
    ) -> None:
        self._draw, self._labels, self._still, self._start = draw, list(labels), still, start

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and the still picture for whoever cannot show widgets; nothing on the tiny budget."""
        if budget() is not None or self._still is None:
            return {"text/plain": "a picture with a slider"}, {}
        png, size = self._still._repr_png_()
        bundle: dict[str, Any] = {"text/plain": "a picture with a slider", "image/png": png}
        bundle[WIDGET] = {"version_major": 2, "version_minor": 0, "model_id": self.widget().model_id}
        return bundle, {"image/png": size}

    def widget(self) -> widgets.VBox:
        """The slider above the picture at its position."""
        png, size = self._png(self._start)
        image = widgets.Image(value=png, format="png", width=size["width"])
        slider = widgets.SelectionSlider(
            options=[(label, at) for at, label in enumerate(self._labels)],
            value=self._start,
            layout=widgets.Layout(width=f"{size['width']}px"),
        )

        def move(change: Any) -> None:
            image.value = self._png(change["new"])[0]

        slider.observe(move, names="value")
        return widgets.VBox([slider, image])

    def _png(self, position: int) -> tuple[bytes, dict[str, Any]]:
        picture = self._draw(position)
        assert picture is not None  # only the tiny budget draws nothing, and then there is no widget
        return picture._repr_png_()
