"""Which of the course's own cells only display something, and which of these are not run: training nobody builds on."""

import ast
import re
from collections.abc import Sequence
from functools import cache

from nbformat import NotebookNode

from autograder.course.source import TRAINING

_WORD = re.compile(r"[^\W\d]\w*")
_DEFINING = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Global)


def display_only(cells: Sequence[NotebookNode], given: Sequence[bool]) -> frozenset[int]:
    """The positions of the code cells without which every other cell runs just the same.

    Such a cell is the course's own, stands below the first that is not, imports and defines nothing, and what it
    assigns occurs in no other cell that has to run. Of students' cells every word counts, in comments, too.

    Args:
        cells: of a rebuilt notebook.
        given: for each whether its source is the course's own.
    """
    code = [at for at, cell in enumerate(cells) if cell.cell_type == "code"]
    first = next((at for at in code if not given[at]), len(cells))
    assigned = {at: _assigned(cells[at].source) for at in code if given[at] and at > first}
    idle = {at for at, names in assigned.items() if names is not None}
    while True:
        used = {word for at in code if at not in idle for word in _WORD.findall(cells[at].source)}
        needed = {at for at in idle if used & (assigned[at] or frozenset())}
        if not needed:
            return frozenset(idle)
        idle -= needed


def left_out(cells: Sequence[NotebookNode], idle: frozenset[int]) -> frozenset[int]:
    """Of the cells that only show something, those that train (they have the tag ``training``) or show what that gave.

    Args:
        cells: of a rebuilt notebook.
        idle: as from ``display_only``.
    """
    found = {at for at in idle if TRAINING in cells[at].metadata.get("tags", [])}
    while True:
        gone = frozenset[str]().union(*(_assigned(cells[at].source) or frozenset() for at in found))
        more = {at for at in idle - found if gone & set(_WORD.findall(cells[at].source))}
        if not more:
            return frozenset(found)
        found |= more


@cache  # the same cells in every submission
def _assigned(source: str) -> frozenset[str] | None:
    """The names that a cell of the course assigns; None where it imports, defines, or is not plain Python.

    Those of a comprehension's ``for`` stay within it.
    """
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # a magic
        return None
    if any(isinstance(node, _DEFINING) for node in nodes):
        return None
    inner = {name for node in nodes if isinstance(node, ast.comprehension) for name in ast.walk(node.target)}
    stored = (node for node in nodes if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load))
    return frozenset(node.id for node in stored if node not in inner)
