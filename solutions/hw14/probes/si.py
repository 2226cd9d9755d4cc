"""Drive the student's SI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .scripted import drive


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """One scripted training of a fresh SI."""
    return drive(names["SI"](), inputs)
