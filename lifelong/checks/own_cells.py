"""Cells of exercises that crash in a notebook: the next cell runs all the same, and the exercise is not right."""

import re
import sys
from typing import Any

from lifelong.checks.crash import crashed
from lifelong.checks.shown import watched

_MARKER = re.compile(r"^# (?:exercise|stretch goal): ([\w-]+)", re.M)

CRASHED: dict[str, str] = {}
"""Exercise → how its cell stopped when it was run last, in a sentence; of those that did."""


def survive_crashes() -> None:
    """From now on, where somebody looks on, *Run all* goes on after the cell of an exercise that crashes.

    IPython shows the crash as always, but the kernel answers that all is well. So it works in every front end that goes
    by that answer; the tag ``raises-exception`` is known to JupyterLab and nbclient only.
    """
    if watched():
        sys.modules["IPython"].get_ipython().events.register("post_run_cell", _remember)


def _remember(result: Any) -> None:
    """After a cell: note how an exercise's cell stopped, and take the error off IPython's result, an interrupt's not."""
    marked = _MARKER.search(result.info.raw_cell)
    if marked is None:
        return
    CRASHED.pop(marked[1], None)
    error = result.error_before_exec or result.error_in_exec
    if isinstance(error, Exception):
        CRASHED[marked[1]] = crashed(error)
        result.error_before_exec = result.error_in_exec = None
