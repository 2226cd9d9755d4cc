"""The bank of sample implementations: wrong ones that must be caught and named, right ones that must get full marks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import jupytext

from autograder.course import CourseError

UNITS = Path(__file__).parent / "units"


class Kind(StrEnum):
    """What a sample must get."""

    MISTAKE = "mistake"  # loses marks, and is named
    STYLE = "style"  # full marks
    NOTHING = "nothing"  # no marks at all


@dataclass(frozen=True)
class Sample:
    """One implementation of one exercise.

    Attributes:
        exercise: the exercise id.
        kind: what it must get.
        name: the mistake's name, or a few words on the style.
        source: a full replacement of the exercise's solution cell.
    """

    exercise: str
    kind: Kind
    name: str
    source: str


def samples(assignment: str) -> list[Sample]:
    """All samples of an assignment, from ``units/ASSIGNMENT/bank/EXERCISE.py`` (jupytext percent).

    Each cell's header says what it is: ``# %% mistake="squared-batch-mean"``, ``# %% style="vmap"`` or
    ``# %% nothing="zeros"``.

    Raises:
        CourseError: a cell's header says none of these.
    """
    found = []
    for path in sorted((UNITS / assignment / "bank").glob("*.py")):
        for cell in jupytext.read(path, fmt="py:percent").cells:
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            kinds = [kind for kind in Kind if kind in cell.metadata]
            if len(kinds) != 1:
                raise CourseError(
                    f"{path.name}: a cell's header must say one of mistake, style, nothing:\n{cell.source[:200]}"
                )
            found.append(Sample(path.stem, kinds[0], str(cell.metadata[kinds[0]]), cell.source))
    return found
