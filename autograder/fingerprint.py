"""What a mark depends on, as a hash: where it is the same, grading again would give the same marks."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from autograder.assignment import Assignment
from autograder.places import AUTOGRADER, LIFELONG

CODE = (
    "annotation.py",
    "assignment.py",
    "cells.py",
    "compare.py",
    "execution.py",
    "exercise.py",
    "fingerprint.py",
    "grade.py",
    "graded.py",
    "ingest",
    "judge.py",
    "quiz.py",
    "sandbox",
    "sanitise.py",
    "setup_cell.py",
    "shows.py",
    "source.py",
    "verdict.py",
)
"""The modules of this package that have a say in a mark or its words, beside the assignment's unit."""

LIBRARIES = ("torch", "torchvision", "numpy", "ipython", "matplotlib", "nbformat", "nh3")
"""Whose versions might change what a student's code answers, what an oracle expects, or what is kept of an output."""


def judge_hash(assignment: Assignment, confined: bool = True) -> str:
    """The hash of all that decides about every submission: code, release, solution, quiz, seed and versions."""
    digest = hashlib.sha256()
    course = assignment.course
    quiz = course.entry(assignment.name).quiz
    _feed(digest, [assignment.name.encode(), repr(course.entry(assignment.name).quiz_points).encode(), course.seed()])
    _feed(digest, [str(confined).encode(), platform.python_version().encode()])
    _feed(digest, [f"{name} {version(name)}".encode() for name in LIBRARIES])
    _feed(digest, [f"{name} {shutil.which(name) is not None}".encode() for name in _programs(assignment)])
    _feed(digest, _contents(AUTOGRADER, (*CODE, f"units/{assignment.name}")))
    _feed(digest, _contents(LIFELONG, (".",)))
    texts = [course.release_path(assignment.name), course.solutions / f"{assignment.name}.py"]
    texts += [course.solutions / quiz] if quiz else []
    _feed(digest, [path.read_bytes() if path.is_file() else b"" for path in texts])
    return digest.hexdigest()


def _programs(assignment: Assignment) -> list[str]:
    """The programs that some exercise needs: where one is missing, it is left to a person until it is there."""
    exercises = import_module(f"autograder.units.{assignment.name}").EXERCISES
    return sorted({each.program for each in exercises if each.program})


def fingerprint(judge: str, student: str, filename: str, data: bytes) -> str:
    """The hash of a submission together with whose it is and who judges it.

    Args:
        judge: of ``judge_hash``.
        student: the student's id, which decides the hidden inputs.
        filename: the file's name, whose ending ingest looks at.
        data: the file's bytes.
    """
    digest = hashlib.sha256()
    _feed(digest, [judge.encode(), os.fsencode(student), os.fsencode(filename), data])
    return digest.hexdigest()


def _feed(digest: hashlib._Hash, parts: Iterable[bytes]) -> None:
    """Each part with its length before it, so that no two lists of parts look the same."""
    for part in parts:
        digest.update(len(part).to_bytes(8))
        digest.update(part)


def _contents(root: Path, names: Iterable[str]) -> Iterator[bytes]:
    """Names and bytes of files and of all that lies in folders, the mistakes' samples and compiled files left out."""
    for name in names:
        place = root / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            inside = path.relative_to(root)
            if path.is_file() and not {"__pycache__", "bank"} & set(inside.parts):
                yield str(inside).encode()
                yield path.read_bytes()
