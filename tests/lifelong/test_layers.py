"""The package imports in one direction: nowhere in lifelong, in a function or at a module's top, is there a circle."""

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "lifelong"
MODULES = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}
MODULES = {name.removesuffix(".__init__"): path for name, path in MODULES.items()}


def imported(module: str) -> set[str]:
    """The modules of the package that one names in its import statements, wherever in the file these are."""
    names = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} has a relative import"
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= parts & MODULES.keys() or {str(node.module)}
    return names & MODULES.keys()


def packages(importer: str, module: str) -> set[str]:
    """The packages below lifelong whose ``__init__`` Python runs for an import from outside of them."""
    parts = module.split(".")
    around = {".".join(parts[:end]) for end in range(2, len(parts))}
    return {package for package in around if not f"{importer}.".startswith(f"{package}.")}


def test_no_import_circle() -> None:
    graph = {
        module: {needed for name in imported(module) for needed in {name, *packages(module, name)}}
        for module in MODULES
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(reversed(error.args[1])))
