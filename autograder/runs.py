"""Lectures that have been run, kept: one that would be the same again is not run again."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version

import nbformat
from nbformat import NotebookNode

from autograder.course import Course
from autograder.files import write_atomically
from autograder.lecture import executed, lecture_notebook
from autograder.places import LIFELONG

LIBRARIES = ("torch", "torchvision", "numpy", "matplotlib", "ipykernel", "ipywidgets")
"""Whose versions may change what a lecture shows."""


def lecture_run(course: Course, name: str) -> NotebookNode:
    """A lecture with its outputs, from build/lectures/ if neither it nor ``lifelong`` has changed since it ran there.

    Raises:
        CourseError: no such lecture.
        LectureError: it does not run without an error or a warning.
    """
    notebook = lecture_notebook(course, name)
    path = course.root / "build" / "lectures" / f"{name}-{run_hash(notebook)}.ipynb"
    if not path.is_file():
        run = executed(notebook, course.lecture_directory)
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{name}-{'[0-9a-f]' * 16}.ipynb"):
            old.unlink()
        write_atomically(path, nbformat.writes(run).encode())
    kept: NotebookNode = nbformat.read(path, as_version=4)
    return kept


def run_hash(notebook: NotebookNode) -> str:
    """16 hexadecimal digits that are the same as long as the notebook, ``lifelong`` and the libraries' versions are."""
    digest = hashlib.sha256(nbformat.writes(notebook).encode())
    digest.update(repr([platform.python_version(), *map(version, LIBRARIES)]).encode())
    for path in sorted(LIFELONG.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            data = path.read_bytes()
            digest.update(f"{path.relative_to(LIFELONG)} {len(data)}\n".encode() + data)
    return digest.hexdigest()[:16]
