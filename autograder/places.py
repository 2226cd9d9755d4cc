"""Where the two packages lie. ``lifelong`` is not imported for that: it brings PyTorch, seconds of every command."""

from __future__ import annotations

from pathlib import Path

AUTOGRADER = Path(__file__).resolve().parent
LIFELONG = AUTOGRADER.parent / "lifelong"
