"""The seam around nbgrader: one room imports it, and the rooms depend on each other in one direction."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOM = ROOT / "autograder" / "gradebook"


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_only_the_gradebooks_room_imports_nbgrader() -> None:
    files = {path: set(imported(path)) for path in ROOT.glob("autograder/**/*.py")}
    importing = [path for path, modules in files.items() if any(name.split(".")[0] == "nbgrader" for name in modules)]
    assert [path for path in importing if path.parent != ROOM] == []
    assert len(importing) > 5


def test_the_gradebook_knows_nothing_of_what_is_made_of_its_marks() -> None:
    above = ("handback", "publish", "collect", "verify", "demo", "cli")
    names = {name for path in ROOM.glob("*.py") for name in imported(path)}
    assert [name for name in names if name.startswith(tuple(f"autograder.{room}" for room in above))] == []


def test_pages_are_rendered_without_a_gradebook() -> None:
    names = {name for path in ROOT.glob("autograder/render/*.py") for name in imported(path)}
    rooms = {name.split(".")[1] for name in names if name.startswith("autograder.")}
    assert rooms <= {"course", "judging", "paths", "render"}
