"""Where this package is on disk."""

from __future__ import annotations

from pathlib import Path

AUTOGRADER = Path(__file__).resolve().parent
