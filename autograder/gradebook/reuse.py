"""What has been recorded already and would come out the same: found by its fingerprint, and not graded again."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Assignment as AssignmentRow
from nbgrader.api import BaseCell, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.annotation import VERDICT_TYPE
from autograder.grading.classroom import Submission, read
from autograder.grading.fingerprint import fingerprint
from autograder.grading.result import Graded
from autograder.ingest import Ungradable
from autograder.judging.verdict import State, Verdict

Marks = dict[str, dict[str, float | None]]
"""Student → grade_id → automatic mark."""


def unchanged(assignment: Assignment, submissions: Iterable[Submission], judge: str) -> list[Graded]:
    """The recorded results, without notebooks, of those submissions of which neither bytes nor judge have changed.

    A result counts as recorded when the graded copy has the fingerprint that grading now would give it, and
    the gradebook the marks that the copy has: whatever was lost, removed or changed in either is graded again.

    Args:
        assignment: what they are.
        submissions: what was handed in.
        judge: of ``judge_hash``.
    """
    marks = _marks(assignment.course, assignment.name)
    found = []
    for submission in submissions:
        if submission.student in marks:
            graded = _recorded(assignment, submission, judge, marks[submission.student])
            if graded is not None:
                found.append(graded)
    return found


def _marks(course: Course, name: str) -> Marks:
    """The automatic marks in the gradebook."""
    marks: Marks = defaultdict(dict)
    if not course.gradebook.is_file():
        return marks
    with Gradebook(course.db_url, course.name) as gradebook:
        rows = (
            gradebook.db.query(SubmittedAssignment.student_id, BaseCell.name, Grade.auto_score)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(BaseCell, BaseCell.id == Grade.cell_id)
            .join(AssignmentRow, AssignmentRow.id == SubmittedAssignment.assignment_id)
            .filter(AssignmentRow.name == name)
        )
        for student, cell, score in rows:
            marks[student][cell] = score
    return marks


def _recorded(
    assignment: Assignment, submission: Submission, judge: str, marks: dict[str, float | None]
) -> Graded | None:
    """The recorded result of one submission if it still holds."""
    path = assignment.course.autograded / submission.student / assignment.name / f"{assignment.name}.ipynb"
    try:
        task = read(submission)
        text = path.read_bytes()
        expected = fingerprint(judge, task.student, task.filename, task.data)
        if expected.encode() not in text:
            return None
        notebook = json.loads(text)
        about = notebook["metadata"]["autograder"]
        if about["fingerprint"] != expected:
            return None
        verdicts = tuple(_verdict(data) for data in _verdicts(notebook))
    except (Ungradable, OSError, ValueError, LookupError, TypeError):
        return None
    scores = {f"{each.exercise}-test": None if each.state is State.UNGRADABLE else each.score for each in verdicts}
    if scores != marks:
        return None
    repairs = tuple(about["repairs"])
    return Graded(assignment.name, submission.student, NotebookNode(), verdicts, repairs, about["problem"], expected)


def _verdicts(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    outputs = (output for cell in notebook["cells"] for output in cell.get("outputs", []))
    found = (output.get("data", {}).get(VERDICT_TYPE) for output in outputs)
    return [data for data in found if data]


def _verdict(data: dict[str, Any]) -> Verdict:
    """A verdict without its checks, of which the copy keeps only what pages show."""
    state = State(data["state"])
    return Verdict(data["exercise"], data["score"], data["max"], state, tuple(data["messages"]))
