"""The reference methods of hw14: the definitions of its source notebook, without running any of its cells."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

from lifelong import Method

SOURCE = Path(__file__).parents[1] / "solutions" / "hw14.py"
PUBLISHED = {"Baseline": 83.72, "EWC": 91.09, "MAS": 95.09, "SI": 90.43, "RWalk": 93.99, "SCP": 92.62}
"""Final average accuracy in percent over 5 tasks: one unseeded run of the public notebook (NTU ML 2021, HW14)."""
METHODS = tuple(PUBLISHED)
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


@cache
def definitions() -> dict[str, Any]:
    """The imports, functions and classes of the notebook, and its table ``STRENGTHS``, by name."""
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if isinstance(node, DEFINITIONS) or _assigns(node, "STRENGTHS")]
    names: dict[str, Any] = {"__name__": "hw14"}
    exec(compile(tree, str(SOURCE), "exec"), names)
    return names


def kind(method: str) -> type[Method]:
    """The class of a method by its name."""
    found: type[Method] = Method if method == "Baseline" else definitions()[method]
    return found


def strength(method: str) -> float:
    """The λ that the notebook gives to a method."""
    return float(definitions()["STRENGTHS"][kind(method)])


def make(method: str, strength: float) -> Method:
    """A fresh method with a λ."""
    made = kind(method)()
    made.strength = strength
    return made


def _assigns(node: ast.stmt, name: str) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == name for t in node.targets)
