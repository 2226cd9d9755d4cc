"""What a mark depends on, as a hash: where it is the same, grading again would give the same marks."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.lecture_cache import version_of
from autograder.grading.exercises import exercises_of
from autograder.paths import AUTOGRADER

CODE = (
    *("course", "grading", "ingest", "judging", "sandbox"),
    *("gradebook/annotation.py", "render/mathjax.py", "render/renderer.py", "render/sanitise.py"),
    *("render/unseen.py", "render/verdict.py"),
    *("render/templates.py", "templates/verdict.html.j2"),
)
"""What of this package can change a mark or its words."""

HALF = 32
"""Digits of a fingerprint that stand for the judge, and for what it judged."""

LIBRARIES = (
    *("torch", "torchvision", "numpy", "ipython", "matplotlib", "nbformat", "nh3"),
    *("scipy", "pandas", "scikit-learn", "seaborn", "opencv-python-headless"),
)
"""Whose versions might change what a student's code answers, what an oracle expects, or what is kept of an output."""


def judge_hash(assignment: Assignment, confined: bool = True) -> str:
    """The hash of all that decides about every submission: code, release, solution, quiz, seed and versions."""
    digest = hashlib.sha256()
    course, name = assignment.course, assignment.name
    setup = course.sandbox_setup(name)
    _feed(digest, [name.encode(), repr(course.entry(name).quiz_points).encode(), course.seed()])
    _feed(digest, [repr((setup.imports, setup.warm_up, sorted(setup.environment.items()), setup.limits)).encode()])
    _feed(digest, [str(confined).encode(), platform.python_version().encode()])
    _feed(digest, [f"{library} {version_of(library)}".encode() for library in LIBRARIES])
    # where a program that an exercise needs is missing, it is left to a person until it is there
    programs = sorted({each.program for each in exercises_of(assignment) if each.program})
    _feed(digest, [f"{program} {shutil.which(program) is not None}".encode() for program in programs])
    _feed(digest, _contents(AUTOGRADER, CODE))
    _feed(digest, _contents(setup.package, (".",)) if setup.package else [])
    settings = course.root / "course.toml"  # due dates and titles in it decide no mark
    for path in course.files_for_grading(name):
        if path != settings:
            _feed(digest, [str(path.relative_to(course.root)).encode(), path.read_bytes()])
    return digest.hexdigest()


def fingerprint(judge: str, student: str, filename: str, data: bytes) -> str:
    """A hash of a submission together with whose it is and who judges it: 32 digits for the judge, 32 for the rest.

    Args:
        judge: of ``judge_hash``.
        student: the student's id, which decides the hidden inputs.
        filename: the file's name, whose ending ingest looks at.
        data: the file's bytes.
    """
    digest = hashlib.sha256()
    _feed(digest, [os.fsencode(student), os.fsencode(filename), data])
    return judge[:HALF] + digest.hexdigest()[:HALF]


def _feed(digest: hashlib._Hash, parts: Iterable[bytes]) -> None:
    """Each part with its length before it, so that no two lists of parts look the same."""
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)


def _contents(root: Path, names: Iterable[str]) -> Iterator[bytes]:
    """Names and bytes of files and of all that is in folders, compiled files left out."""
    for name in names:
        place = root / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            inside = path.relative_to(root)
            if path.is_file() and "__pycache__" not in inside.parts:
                yield str(inside).encode()
                yield path.read_bytes()
