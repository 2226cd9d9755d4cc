"""Texts of others as cells of a table that is opened in a spreadsheet."""

import re
import unicodedata

from autograder.render.unseen import visible

_FORMULA = re.compile(r" *[\t\n]|(?:\s|⟨U\+[0-9A-F]+⟩)*[=+\-@|−]")
"""With what a spreadsheet's formula may begin, in letters of the usual width; what cannot be seen has been spelt out."""


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would evaluate a cell."""
    return _FORMULA.match(unicodedata.normalize("NFKC", visible(text))) is not None


def neutral(value: str | float) -> str | float:
    """A cell that no spreadsheet evaluates: text in which all can be seen, an apostrophe before what begins a formula."""
    if not isinstance(value, str):
        return value
    return f"'{visible(value)}" if is_formula(value) else visible(value)
