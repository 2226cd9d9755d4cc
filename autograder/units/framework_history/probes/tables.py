"""Drive the timeline: two tables of plain values."""

from __future__ import annotations

from typing import Any

from .common import Inputs, Names, lookup


def timeline(names: Names, inputs: Inputs) -> dict[str, Any]:
    """One of the two tables, as far as it is a dict."""
    table = lookup(names, inputs["table"])()
    return {"table": {str(key): value for key, value in dict(table).items()}}
