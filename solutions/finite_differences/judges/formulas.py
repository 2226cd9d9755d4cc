"""Known mistakes that are one formula each, as the rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from autograder.judging import Mistake, Tree

Rows = Mapping[str, tuple[str, Callable[..., Any]]]
"""By id: what the student is told, and the formula of one who made the mistake."""


def formulas(
    rows: Rows, *, oracle: Callable[[Callable[..., Any]], Callable[[Tree], Tree]], checks: tuple[str, ...]
) -> Iterator[Mistake]:
    """A mistake per row; ``oracle`` says what a formula makes of a case, ``checks`` what the mistakes can explain."""
    for name, (message, formula) in rows.items():
        yield Mistake(name, message, oracle(formula), checks)
