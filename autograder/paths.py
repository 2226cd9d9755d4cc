"""Where this package is on disk."""

from pathlib import Path

AUTOGRADER = Path(__file__).resolve().parent
