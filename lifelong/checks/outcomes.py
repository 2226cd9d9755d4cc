"""What the checks said last of this notebook's exercises, and whether the cells are still those of which they said it."""

import inspect
import linecache
from collections.abc import Mapping
from typing import Any

GREEN = "✓"
RECORDED = "•"
RED = "✗"
UNWRITTEN = "…"


class Recorded(str):
    """What a check says that sees an answer's form alone: such an answer is never green."""


OUTCOMES: dict[str, str] = {}
"""Exercise id → its check's last sign."""
CELLS: dict[str, dict[str, str]] = {}
"""Exercise id, or "training" → name that its check has looked up, or class trained → text of the cell that defined it then."""


def cell_of(value: Any) -> str:
    """The text of the cell that has defined a function or a class; empty for anything else."""
    inner = vars(value).values() if isinstance(value, type) else [inspect.unwrap(value) if callable(value) else value]
    files = [each.__code__.co_filename for each in inner if hasattr(each, "__code__")]
    return next(filter(None, ("".join(linecache.getlines(file)) for file in files)), "")


def stale(what: str, names: Mapping[str, Any], again: str) -> str:
    """Why a check's last word, or a training, does not hold any more, as a sentence; empty if it does."""
    for name, cell in CELLS.get(what, {}).items():
        if built := outdated(name, names):
            return built
        if cell_of(names.get(name)) != cell:
            return f"`{name}` has changed since: run {again} again."
    return ""


def outdated(name: str, names: Mapping[str, Any]) -> str:
    """That a class of the notebook builds on one that was written anew since, as a sentence; empty if it does not."""
    value = names.get(name)
    for base in value.__mro__[1:] if isinstance(value, type) else ():
        now = names.get(base.__name__, base)
        if base.__module__ == value.__module__ and now not in (base, value) and cell_of(now) != cell_of(base):
            own = cell_of(value).partition("\n")[0]
            return (
                f"`{name}` still builds on the former `{base.__name__}`: run the cell again that begins with `{own}`."
            )
    return ""
