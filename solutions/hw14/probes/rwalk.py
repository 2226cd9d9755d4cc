"""Drive the student's RWalk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .scripted import drive


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """One scripted training of a fresh RWalk."""
    return drive(names["RWalk"](), inputs)
