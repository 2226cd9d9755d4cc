"""Who may import whom: the rooms of ``autograder/`` as docs/contributors.md draws them, and walls that have no door."""

import ast
import re
from collections.abc import Collection, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.places import COURSE, ROOT

PICTURE = (ROOT / "docs" / "contributors.md").read_text(encoding="utf-8").split("```mermaid")[1].split("```")[0]
ARROWS = frozenset(re.findall(r"^ *(\w+) --> (\w+)$", PICTURE, re.MULTILINE))
ROOMS = sorted(path.parent.name for path in (ROOT / "autograder").glob("*/__init__.py"))
COURSES_OWN = r"hw14|framework_history|finite_differences|autodiff|cuda_vector|mnist|lifelong_learning"
"""Names of this course's units, assignments and data."""

WALLS = {
    "lifelong/**/*.py": ("autograder", "nbgrader", "solutions", "benchmarks", "tests"),
    "solutions/*/judges/*.py": ("solutions", "nbgrader", "tests"),
    "solutions/*/probes/*.py": ("autograder", "solutions", "nbgrader", "tests"),
    "autograder/sandbox/inside/*.py": ("autograder", "nbgrader", "solutions"),
    "autograder/**/*.py": ("lifelong", "solutions", "benchmarks", "tests", "docs"),
}
"""Files → what they never import, their own folder excepted."""

OWNERS = {"cli": ("typer", "rich"), "gradebook": ("nbgrader",)}
"""Room → libraries that no other room uses."""


@cache
def imported(path: Path) -> frozenset[str]:
    """The modules that a file imports anywhere, in functions too, and what it takes from them by full name."""
    package = path.relative_to(ROOT).parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(part for part in (base, node.module) if part)
            for name in (f"{module}.{alias.name}" for alias in node.names):
                place = ROOT.joinpath(*name.split("."))
                found |= {name} if place.is_dir() or place.with_suffix(".py").is_file() else {name, module}
    return frozenset(found)


def within(module: str, names: Collection[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def circle(graph: Mapping[str, Collection[str]]) -> list[str]:
    """A circle of the graph, its first node again at the end; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def modules(folder: Path) -> dict[str, set[str]]:
    """The graph of imports among the modules of a folder and those below, with the packages that Python runs for one.

    For an import from outside of a package below the folder its ``__init__`` runs first.
    """
    names = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts) for path in folder.rglob("*.py")}
    names = {path: name.removesuffix(".__init__") for path, name in names.items()}
    known = set(names.values())
    graph = {name: (imported(path) & known) - {name} for path, name in names.items()}
    return {name: needed.union(*(packages(name, each) & known for each in needed)) for name, needed in graph.items()}


def packages(importer: str, module: str) -> set[str]:
    """The packages around a module from outside of which it is imported."""
    parts = module.split(".")
    around = {".".join(parts[:end]) for end in range(2, len(parts))}
    return {package for package in around if not f"{importer}.".startswith(f"{package}.")}


def rooms() -> dict[str, set[str]]:
    """The graph of imports among the rooms of ``autograder/``, its folders."""
    found: dict[str, set[str]] = {}
    for name in ROOMS:
        paths = (ROOT / "autograder" / name).rglob("*.py")
        parts = [module.split(".") for path in paths for module in imported(path) if within(module, ["autograder"])]
        found[name] = {part[1] for part in parts if len(part) > 1 and part[1] in ROOMS} - {name}
    return found


def reached(room: str) -> set[str]:
    """The rooms to which arrows of the picture lead, directly or through others."""
    below = {end for start, end in ARROWS if start == room}
    return below.union(*(reached(each) for each in below))


def test_every_room_is_in_the_picture_every_arrow_is_an_import_and_none_lead_in_a_circle() -> None:
    graph = rooms()
    assert circle({room: {end for start, end in ARROWS if start == room} for room, _ in ARROWS}) == []
    assert set(graph) == {room for arrow in ARROWS for room in arrow}
    assert [arrow for arrow in sorted(ARROWS) if arrow[1] not in graph[arrow[0]]] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_those_that_arrows_lead_to(room: str) -> None:
    assert rooms()[room] - reached(room) == set()


@pytest.mark.parametrize("files", WALLS)
def test_a_wall_holds(files: str) -> None:
    paths = sorted(ROOT.glob(files))
    assert len(paths) > 5
    found = [(path.relative_to(ROOT), name) for path in paths for name in imported(path)]
    outside = [(path, name) for path, name in found if not within(name, [".".join(path.parts[:-1])])]
    assert [(path, name) for path, name in outside if within(name, WALLS[files])] == []


@pytest.mark.parametrize(("room", "libraries"), OWNERS.items())
def test_only_one_room_uses_a_library(room: str, libraries: Collection[str]) -> None:
    for path in (ROOT / "autograder").rglob("*.py"):
        if path.relative_to(ROOT / "autograder").parts[0] != room:
            assert not [name for name in imported(path) if within(name, libraries)], path


def test_judges_know_nothing_of_the_tool_but_judging() -> None:
    for path in ROOT.glob("solutions/*/judges/*.py"):
        tools = [name for name in imported(path) if within(name, ["autograder"])]
        assert [name for name in tools if not within(name, ["autograder.judging"])] == [], path


@pytest.mark.parametrize("folder", ["autograder", "lifelong", *(f"solutions/{at}/judges" for at in COURSE.assignments)])
def test_no_modules_import_each_other_in_a_circle(folder: str) -> None:
    assert circle(modules(ROOT / folder)) == []


def test_the_tool_names_nothing_of_this_course() -> None:
    lines = [
        f"{path.relative_to(ROOT)}:{number}: {line}"
        for path in sorted((ROOT / "autograder").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if re.search(COURSES_OWN, line)
    ]
    assert lines == []


def test_no_module_is_too_long_to_be_read_at_once() -> None:
    """Sources of notebooks, banks and environments apart."""
    folders = ("autograder", "lifelong", "tests", "benchmarks", "docs", "solutions/*/judges", "solutions/*/probes")
    paths = [path for folder in folders for place in ROOT.glob(folder) for path in place.rglob("*.py")]
    assert len(paths) > 400
    lengths = {path.relative_to(ROOT): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    assert [(str(path), length) for path, length in lengths.items() if length > 350] == []


def test_the_package_names_its_modules_in_full() -> None:
    assert not [at for at in (ROOT / "lifelong").rglob("*.py") if re.search(r"(?m)^\s*from \.", at.read_text("utf-8"))]
