"""Pictures of kernel launches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifelong.plots.style import Picture, drawn, picture

if TYPE_CHECKING:
    from lifelong.cuda.launch import Launch


@drawn
def draw_launch(launch: Launch) -> Picture:
    figure, _ = picture(1, 1, 5, 3)
    return figure
