"""What the probes share: names looked up, lists turned into arrays, and errors told as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Names = Mapping[str, Any]
Inputs = Mapping[str, Any]
Probe = Callable[[Names, Inputs], dict[str, Any]]


def array(tree: Any) -> Any:
    """Nested lists as an array of float64."""
    return np.array(tree, dtype=np.float64)


def numbers(value: Any) -> Any:
    """An answer as an array of float64 where it can be one, else as it is."""
    try:
        return np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        return value


def raised(action: Callable[[], Any]) -> dict[str, str]:
    """The type and message of the error that an action raises; empty texts where it raises none."""
    try:
        action()
    except NotImplementedError:
        raise
    except Exception as error:
        return {"error": _kind(error), "message": str(error)[:300]}
    return {"error": "", "message": ""}


def _kind(error: Exception) -> str:
    for kind in (ValueError, TypeError, KeyError):
        if isinstance(error, kind):
            return kind.__name__
    return "another error"
