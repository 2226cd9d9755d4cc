"""The reference solution as Python objects: for tests and benchmarks; no judge imports it."""

import ast
from pathlib import Path
from typing import Any

import jupytext

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)


def definitions(source: str) -> str:
    """The imports, functions and classes of a cell, and its constants in capitals; nothing that trains or draws."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a magic
        return ""
    return "\n\n".join(ast.unparse(node) for node in body if isinstance(node, DEFINITIONS) or _is_constant(node))


def reference(path: Path) -> dict[str, Any]:
    """The names that a source notebook (solutions/NAME/NAME.py) defines, in a fresh namespace."""
    names: dict[str, Any] = {"__name__": path.stem}
    for cell in jupytext.read(path, fmt="py:percent").cells:
        if cell.cell_type == "code":
            exec(compile(definitions(cell.source), str(path), "exec"), names)
    return names


def _is_constant(node: ast.stmt) -> bool:
    """Whether a statement is NAME = a table that is written out, like STRENGTHS = {"EWC": 500.0, …}."""
    return (
        isinstance(node, ast.Assign)
        and all(isinstance(target, ast.Name) and target.id.isupper() for target in node.targets)
        and not any(isinstance(part, ast.Call) for part in ast.walk(node.value))
    )
