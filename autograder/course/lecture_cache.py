"""Notebooks that have been run, kept: one that would be the same again is not run again."""

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.course.lecture import executed, lecture_notebook
from autograder.files import write_atomically

LIBRARIES = ("torch", "torchvision", "numpy", "matplotlib", "ipykernel", "ipywidgets")
"""Whose versions may change what a lecture shows."""


def lecture_run(course: Course, name: str) -> NotebookNode:
    """A lecture with its outputs.

    Raises:
        CourseError: no such lecture.
        LectureError: it does not run without an error or a warning.
    """
    return _kept(course, name, lecture_notebook(course, name))


def homework_run(course: Course, name: str) -> NotebookNode:
    """A homework as released, with the pictures that its given cells draw."""
    notebook, folder = Assignment.load(course, name).release, course.release_path(name).parent
    return _kept(course, f"homework-{name}", notebook, homework=folder)


def _kept(course: Course, name: str, notebook: NotebookNode, *, homework: Path | None = None) -> NotebookNode:
    """The notebook with its outputs, kept in build/lectures/ until it or the course's package changes."""
    path = course.root / "build" / "lectures" / f"{name}-{run_hash(notebook, course.package_folder())}.ipynb"
    if not path.is_file():
        run = executed(notebook, course, homework=homework)
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{name}-{'[0-9a-f]' * 16}.ipynb"):
            old.unlink()
        write_atomically(path, nbformat.writes(run).encode())
    kept: NotebookNode = nbformat.read(path, as_version=4)
    return kept


def run_hash(notebook: NotebookNode, package: Path | None) -> str:
    """16 hexadecimal digits: the same as long as the notebook, the package and the libraries' versions are."""
    digest = hashlib.sha256(nbformat.writes(notebook).encode())
    digest.update(repr([platform.python_version(), *map(version_of, LIBRARIES)]).encode())
    if package is not None:
        for path in sorted(package.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                data = path.read_bytes()
                digest.update(f"{path.relative_to(package)} {len(data)}\n".encode() + data)
    return digest.hexdigest()[:16]


def version_of(library: str) -> str:
    """The version that is installed."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
