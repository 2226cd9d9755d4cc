"""What a class did and what it misunderstood, for its teacher: one self-contained page."""

from autograder.report.page import report

__all__ = ["report"]
