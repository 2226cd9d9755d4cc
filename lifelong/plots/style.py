"""The one style of all figures: colours told apart by colour-blind readers, and in print by marker and line."""

import io
from collections.abc import Callable, Sequence
from functools import update_wrapper, wraps
from inspect import Signature, signature
from typing import Any, Concatenate, NamedTuple, ParamSpec

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.text import Annotation

from lifelong.budget import budget
from lifelong.plots.colors import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, RED, SKY

Arguments = ParamSpec("Arguments")
Panels = Sequence[Axes]
Point = tuple[float, float]

# Paper is white where the notebook is dark, too: a transparent picture's black letters could not be read there.
STYLE: dict[str, Any] = {
    **dict.fromkeys(("font.size", "axes.titlesize", "axes.labelsize"), 10),
    **dict.fromkeys(("axes.spines.top", "axes.spines.right", "legend.frameon"), False),
    **dict.fromkeys(("axes.edgecolor", "xtick.color", "ytick.color"), GREY),
    **dict.fromkeys(("text.color", "axes.labelcolor"), BLACK),
    **dict.fromkeys(("figure.facecolor", "axes.facecolor", "savefig.facecolor"), "white"),
    **{"axes.titleweight": "bold", "axes.titlelocation": "left"},
    **{"lines.linewidth": 1.8, "figure.constrained_layout.hspace": 0.07},
}


class Look(NamedTuple):
    """How one method is drawn everywhere."""

    color: str
    marker: str
    line: Any


LOOKS = {
    "Baseline": Look(GREY, "o", "-"),
    "EWC": Look(BLUE, "s", "--"),
    "MAS": Look(RED, "^", "-"),
    "SI": Look(GREEN, "D", "-."),
    "RWalk": Look(PINK, "v", "-"),
    "SCP": Look(ORANGE, "P", (0, (5, 1, 1, 1, 1, 1))),
    "LwF": Look(SKY, "<", "-"),
    "iCaRL": Look(ORANGE, "X", ":"),
    "GEM": Look(BLUE, "h", "-"),
    "A-GEM": Look(SKY, "p", ":"),
    "DGR": Look(GREEN, "*", "-"),
}


def look(name: str) -> Look:
    """The look of a method; one of the course's own, or plain black for any other."""
    return LOOKS.get(name, Look(BLACK, "x", ":"))


class Picture(Figure):
    """A figure that a notebook shows when it is a cell's last value, whatever backend is set.

    Attributes:
        description: what one sees on it, in a sentence, for readers who do not see it.
    """

    description = ""

    @property
    def alternative(self) -> str:
        """The description, then the words on the panels: their titles and the names of their axes."""
        sentences = [self.description, self.get_suptitle()]
        for axes in self.axes:
            title = " ".join(filter(None, (axes.get_title(side) for side in ("left", "center", "right"))))
            scales = " against ".join(filter(None, (axes.get_ylabel(), axes.get_xlabel())))
            sentences.append(": ".join(filter(None, (title, scales))))
        plain = [" ".join(sentence.split()).rstrip(".") for sentence in dict.fromkeys(sentences)]
        return " ".join(f"{sentence}." for sentence in plain if sentence)

    def _repr_png_(self) -> tuple[bytes, dict[str, Any]]:
        """The figure in twice the resolution that it is shown at, for sharp print and screens; width and alternative
        text beside it."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=2 * self.dpi)
        return buffer.getvalue(), {"width": round(self.get_figwidth() * self.dpi), "alt": self.alternative}


def drawn(make: Callable[Arguments, Picture]) -> Callable[Arguments, Picture | None]:
    """Draw in the course's style; on the tiny budget, where nobody looks, draw nothing and return None.

    The picture is described by the first sentences of the docstring of what draws it.
    """

    @wraps(make)
    def wrapper(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Picture | None:
        if budget() is not None:
            return None
        with mpl.rc_context(STYLE):  # type: ignore[arg-type]
            figure = make(*args, **kwargs)
        figure.description = figure.description or (make.__doc__ or "").split("\n\n")[0]
        return figure

    return wrapper


def drawn_on(
    width: float, height: float, rows: int = 1, columns: int = 1, **options: Any
) -> Callable[[Callable[Concatenate[Any, Arguments], None]], Callable[Arguments, Picture | None]]:
    """Like ``drawn``, of what draws on an empty picture: its first argument is the panel, or all of them row by row.

    Who calls it leaves this argument out.
    """

    def decorate(draw: Callable[Concatenate[Any, Arguments], None]) -> Callable[Arguments, Picture | None]:
        def make(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Picture:
            figure, panels = picture(rows, columns, width, height, **options)
            draw(panels if len(panels) > 1 else panels[0], *args, **kwargs)
            return figure

        _, *rest = signature(draw).parameters.values()
        update_wrapper(make, draw).__annotations__ = {"return": Picture}
        make.__signature__ = Signature(rest, return_annotation=Picture)  # type: ignore[attr-defined]
        return drawn(make)

    return decorate


def picture(rows: int, columns: int, width: float, height: float, **options: Any) -> tuple[Picture, list[Axes]]:
    """An empty picture of `rows` × `columns` panels, in inches, and its panels row by row."""
    figure = Picture(figsize=(width, height), dpi=96, layout="constrained")
    return figure, list(figure.subplots(rows, columns, squeeze=False, **options).flat)


def bare(axes: Axes) -> None:
    """Take ticks away from a panel whose scale means nothing."""
    axes.set(xticks=[], yticks=[])


def frameless(axes: Axes) -> None:
    """Take ticks and frame away from a panel that is a drawing."""
    bare(axes)
    axes.spines[:].set_visible(False)


def box(axes: Axes, x: float, y: float, width: float, height: float, text: str = "", **looks: Any) -> None:
    """A box with round corners from its lower left one on, a text in its middle; ``looks`` are matplotlib's patches'."""
    usual = {"boxstyle": "round,pad=0,rounding_size=0.12", "facecolor": "white"}
    axes.add_patch(FancyBboxPatch((x, y), width, height, **usual | looks))
    axes.text(x + width / 2, y + height / 2, text, ha="center", va="center")


def arrow(axes: Axes, start: Point, end: Point, **looks: Any) -> Annotation:
    """An arrow from a point to a point, in the panel's scale; ``looks`` are matplotlib's ``arrowprops``."""
    usual = {"arrowstyle": "-|>", "linewidth": 1.8, "shrinkA": 0, "shrinkB": 0}
    return axes.annotate("", end, start, arrowprops=usual | looks)


def note(axes: Axes, text: str, at: Point, offset: Point, **looks: Any) -> None:
    """A text beside a point, so many points of print away from it; ``looks`` are matplotlib's for texts."""
    axes.annotate(text, at, xytext=offset, textcoords="offset points", **looks)
