"""A picture that a slider moves, by the kernel or by the page's script, and a still of some positions for all others."""

import io
import os
from base64 import b64encode
from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets
from PIL import Image

from lifelong.budget import budget
from lifelong.plots.style import Picture

WIDGET = "application/vnd.jupyter.widget-view+json"
PAGES = "PAGES_WITHOUT_KERNEL"
"""Set in the environment of a kernel whose notebook becomes a page: then all positions are drawn at once."""


class Slider:
    """A picture with a slider below it. As a cell's last value it shows itself.

    Notebooks with a kernel show the widget, pages and slides all pictures one at a time by a script of theirs. What has
    neither shows ``still``.

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
        """The widget or the page's HTML, and the still picture for whoever shows neither; nothing on the tiny budget."""
        if budget() is not None or self._still is None:
            return {"text/plain": "a picture with a slider"}, {}
        png, size = self._still._repr_png_()
        bundle: dict[str, Any] = {"text/plain": "a picture with a slider", "image/png": png}
        if os.environ.get(PAGES):
            bundle["text/html"] = self.markup()
        else:
            bundle[WIDGET] = {"version_major": 2, "version_minor": 0, "model_id": self.widget().model_id}
        return bundle, {"image/png": size}

    def markup(self) -> str:
        """The still picture, and hidden below it the slider and all its pictures, which a page's script shows instead."""
        assert self._still is not None
        scale = f'<input type="range" aria-label="position" max="{len(self._labels) - 1}" value="{self._start}">'
        frames = (_image(*self._png(at), label) for at, label in enumerate(self._labels))
        return (
            f'<div class="slider figure"><div>{_image(*self._still._repr_png_())}<p>A still; '
            f"where scripts may run, a slider moves it.</p></div><div hidden><label>{scale} <output></output></label>"
            f"{''.join(frames)}</div></div>"
        )

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


def _image(png: bytes, about: dict[str, Any], label: str = "") -> str:
    """A picture as HTML, in 64 colours, which makes it a third as large; hidden if it has a label."""
    small = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(64, Image.Quantize.FASTOCTREE).save(small, "png")
    shown = f'src="data:image/png;base64,{b64encode(small.getvalue()).decode()}" style="--width: {about["width"]}"'
    words = f'hidden data-label="{escape(label)}"' if label else ""
    return (
        f'<img {shown} width="{about["width"]}" alt="{escape(": ".join(filter(None, (label, about["alt"]))))}" {words}>'
    )
