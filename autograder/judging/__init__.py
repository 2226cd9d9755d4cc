"""Judging: from the replies of the sandbox to a verdict; trusted, pure, and blind to solutions."""

from autograder.judging.compare import Difference, Excused, Slip, compare
from autograder.judging.exercise import (
    RAISED,
    SAID,
    Case,
    Check,
    Exercise,
    Mistake,
    Outcome,
    Reply,
    Tree,
    ended,
    must_hold,
)
from autograder.judging.function import Function
from autograder.judging.mistakes import Changed, Mistakes
