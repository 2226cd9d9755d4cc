"""How a notebook shows what is not well: as a box in the cell's output, after which the next cell runs."""

import html
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lifelong.checks.crash import crashed
from lifelong.checks.failure import CheckFailed
from lifelong.checks.language import told

RED, GREY = "#c62828", "#8d8d8d"

OWN_CELL = re.compile(r"^# (?:exercise|stretch goal): ([\w-]+)", re.M)

CODE = re.compile("`([^`]+)`")

CRASHED: dict[str, str] = {}
"""Exercise → how its cell stopped when it was run last, in a sentence; of those that did."""


def watched() -> bool:
    """Whether this is a notebook, and no grader, who sets NBGRADER_EXECUTION, runs it; else what is not well is raised."""
    ipython = sys.modules.get("IPython")
    return bool(ipython and ipython.get_ipython()) and "NBGRADER_EXECUTION" not in os.environ


def show(markup: str, text: str) -> None:
    """Put HTML into the cell's output, with plain text beside it for where there is no HTML."""
    from IPython.display import display

    display({"text/html": markup, "text/plain": text}, raw=True)


def show_box(text: str) -> None:
    """A sentence in a red box, grey if it says "…", that is readable on white and black; a line where nobody looks."""
    text = told(text)
    if not watched():
        print(text)
        return
    color = GREY if text.startswith("…") else RED
    style = f"border-left: 4px solid {color}; background: {color}22; padding: 0.4em 0.8em; white-space: pre-wrap; overflow-wrap: anywhere"
    marked = CODE.sub(r"<code>\1</code>", html.escape(text))
    show(f'<div style="{style}">{marked}</div>', text)


@contextmanager
def surviving(otherwise: str) -> Iterator[None]:
    """Within a notebook's cell: where an exercise is missing or crashes, say so in a line, and let the next cell run.

    Args:
        otherwise: what is to be done then, e.g. ``"Write `permute` above, then run this cell again."``

    Raises:
        Exception: what was raised within, where nobody looks on; never that an exercise is not written.
    """
    try:
        yield
    except NotImplementedError:
        print(told(otherwise))
    except Exception as error:
        if not watched():
            raise
        show_box(f"✗ {error if isinstance(error, CheckFailed) else crashed(error)} {otherwise}")


def survive_crashes() -> None:
    """From now on, where somebody looks on, *Run all* goes on after a cell that crashes, an exercise's or any other.

    IPython shows the crash as always, but the kernel answers that all is well. So it works in every front end that goes
    by that answer; the tag ``raises-exception`` is known to JupyterLab and nbclient only.
    """
    if watched():
        sys.modules["IPython"].get_ipython().events.register("post_run_cell", _remember)


def _remember(result: Any) -> None:
    """After a cell: note how an exercise's cell stopped, and take the error off IPython's result, an interrupt's not."""
    error = result.error_before_exec or result.error_in_exec
    stopped = isinstance(error, Exception)
    for exercise in OWN_CELL.findall(result.info.raw_cell):
        CRASHED.pop(exercise, None)
        if stopped:
            CRASHED[exercise] = crashed(error)
    if stopped:
        result.error_before_exec = result.error_in_exec = None
