"""What tests of lectures share: the names that a lecture's cells define, and whether something is drawn."""

import io
import re
from contextlib import redirect_stdout
from functools import cache
from typing import Any

from matplotlib.image import imread

from autograder.course.lecture import lecture_notebook
from lifelong.plots import Picture
from tests.course.bank_reference import COURSE


@cache
def defined(lecture: str, *, until: str = "## 7", drawing: str = r"(?!)") -> dict[str, Any]:
    """What the cells of a lecture define, up to a section; those that match ``drawing`` are not run."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in lecture_notebook(COURSE, lecture).cells:
        if cell.source.startswith(until):
            break
        if cell.cell_type == "code" and not re.search(drawing, cell.source, re.MULTILINE):
            with redirect_stdout(io.StringIO()):
                exec(compile(cell.source, "<lecture>", "exec"), names)
    return names


def drawn(picture: Picture | bytes | None) -> bool:
    """Whether a picture, or a PNG, is neither blank nor full, by the share of its pixels that are not nearly white."""
    assert picture is not None
    png = picture if isinstance(picture, bytes) else picture._repr_png_()[0]
    return bool(0.01 < (imread(io.BytesIO(png))[..., :3].min(axis=2) < 0.9).mean() < 0.9)
