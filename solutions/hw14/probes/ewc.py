"""Drive the student's ``EWC``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .importance import probe_importance


def probe(names: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Measure the importance with ``EWC``."""
    return probe_importance(names, inputs, "EWC")
