"""Rebuild a submission from the course's own notebook."""

from __future__ import annotations

from dataclasses import dataclass

from nbformat import NotebookNode

from autograder.assignment import Assignment


@dataclass(frozen=True)
class Ingested:
    """A submission as it will be graded.

    Attributes:
        notebook: the release's own cells in their order, with the student's sources in the solution cells, and the
            student's extra cells, marked ``{"lifelong": {"extra": true}}``, where they stood.
        repairs: what had to be mended, one sentence each.
        found: how each exercise was found: ``"grade_id"``, ``"marker"``, ``"definition"`` or ``"missing"``.
    """

    notebook: NotebookNode
    repairs: list[str]
    found: dict[str, str]


def ingest(data: bytes, assignment: Assignment, filename: str = "") -> Ingested:
    """The submission in these bytes, rebuilt.

    Raises:
        Ungradable: there is no notebook of this assignment in them, whatever they are; nothing else is ever raised.
    """
    raise NotImplementedError
