"""Exercises within a lecture: what the reader has written is called, and one line says what came of it."""

from collections.abc import Callable, Sequence
from typing import Any

from lifelong.checks.expect import Known, expect, show
from lifelong.checks.outcomes import GREEN
from lifelong.checks.shown import surviving


def try_it(function: Callable[..., Any], cases: Sequence[tuple[tuple[Any, ...], Any]], known: Known = ()) -> None:
    """Compare what a function makes of some arguments with what it should; whatever it does, the next cell runs.

    Args:
        function: the reader's; it raises NotImplementedError until it is written.
        cases: arguments, and the numbers that they should give.
        known: commonest wrong answers, and the sentence that each betrays.
    """
    name = function.__name__
    with surviving(f"Write `{name}` above, then run this cell again."):
        for arguments, right in cases:
            expect(function(*arguments), right, f"{name}({', '.join(map(show, arguments))})", known, tolerance=1e-6)
        print(f"{GREEN} {name} is right.")
