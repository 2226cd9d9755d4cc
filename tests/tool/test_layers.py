"""Who may import whom: the layers that docs/contributors.md draws hold in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.house import PICTURE, svg

ROOT = Path(__file__).parents[2]


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, relative ones by their full names."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            yield from (f"{module}.{alias.name}" for alias in node.names)


def files(pattern: str) -> list[Path]:
    """The files of a glob; a judge is what lies in a unit, but not in its probes or bank."""
    return [path for path in sorted(ROOT.glob(pattern)) if "bank" not in path.parts]


def judges() -> list[Path]:
    return [path for path in files("autograder/units/*/*.py") if "probes" not in path.parts]


RULES = {
    "lifelong knows no autograder": (files("lifelong/**/*.py"), ("autograder", "nbgrader", "solutions", "benchmarks")),
    "what runs in the sandbox knows nothing outside of it": (
        files("autograder/sandbox/inside/*.py"),
        (
            "autograder.judging.judge",
            "autograder.judging.exercise",
            "autograder.units",
            "autograder.course.course",
            "nbgrader",
            "solutions",
        ),
    ),
    "probes know no answer": (
        files("autograder/units/*/probes/*.py"),
        (
            "autograder.judging.exercise",
            "autograder.judging.judge",
            "autograder.verify.reference",
            "solutions",
            "nbgrader",
        ),
    ),
    "judges see neither solutions nor student code": (
        [*judges(), ROOT / "autograder/judge.py", ROOT / "autograder/compare.py", ROOT / "autograder/exercise.py"],
        (
            "autograder.verify.reference",
            "autograder.course.source",
            "autograder.sandbox",
            "autograder.course.assignment",
            "solutions",
        ),
    ),
    "steps don't know the command line": (
        [
            path
            for path in files("autograder/**/*.py")
            if path.relative_to(ROOT / "autograder").as_posix()
            not in ("cli.py", "__main__.py", "handing.py", "publishing.py", "terminal.py")
        ],
        ("autograder.cli.main", "autograder.cli.exchange", "autograder.cli.publishing", "typer"),
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_a_layer_holds(rule: str) -> None:
    paths, forbidden = RULES[rule]
    assert len(paths) > 5
    broken = [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in paths
        for module in imported(path)
        if any(module == name or module.startswith(f"{name}.") for name in forbidden)
    ]
    assert broken == []


def test_probes_lie_beside_nothing_but_probes() -> None:
    for path in files("autograder/units/*/probes/*.py"):
        unit = f"autograder.units.{path.parts[-3]}.probes"
        own = [module for module in imported(path) if module.startswith("autograder")]
        assert all(module.startswith(unit) for module in own), path


def test_the_picture_is_as_its_source_draws_it() -> None:
    assert PICTURE.read_text(encoding="utf-8") == svg(), "run: python -m docs.house"
