"""Recorded results that grading again would repeat, recognised by their fingerprints."""

import json
from collections.abc import Iterable, Mapping

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.gradebook.marks import Mark, recorded_marks
from autograder.grading.classroom import Submission, read
from autograder.grading.fingerprint import fingerprint
from autograder.grading.result import Result
from autograder.ingest import Ungradable
from autograder.judging.verdict import State, verdicts_in


def unchanged(assignment: Assignment, submissions: Iterable[Submission], judge: str) -> list[Result]:
    """The recorded results, without notebooks, of the submissions whose bytes and judge have not changed.

    A result counts as recorded when the graded copy has the fingerprint that grading now would give it (``judge``
    is today's ``judge_hash``), and the gradebook has its marks: what was lost or changed in either is graded again.

    Raises:
        UnknownAssignment: the gradebook does not know the assignment.
    """
    marks = recorded_marks(assignment.course, assignment.name).submissions
    handed_in = [each for each in submissions if each.student in marks]
    found = (_recorded(assignment, each, judge, marks[each.student].exercises) for each in handed_in)
    return [result for result in found if result is not None]


def _recorded(assignment: Assignment, submission: Submission, judge: str, marks: Mapping[str, Mark]) -> Result | None:
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
        verdicts = tuple(verdicts_in(notebook))
    except (Ungradable, OSError, ValueError, LookupError, TypeError):
        return None
    scores = {each.exercise: each.automatic for each in verdicts}
    if scores != {exercise: mark.automatic for exercise, mark in marks.items()}:
        return None
    if about["problem"] is None and State.UNGRADABLE in (each.state for each in verdicts):
        return None  # the package or program that the machine lacked may be installed by now
    whose = (assignment.name, submission.student, NotebookNode())
    return Result(*whose, verdicts, tuple(about["repairs"]), about["problem"], expected, assignment.enough)
