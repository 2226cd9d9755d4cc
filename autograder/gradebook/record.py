"""Record marks: the one writer of nbgrader's gradebook and of the autograded folder."""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties

from autograder.course.course import Course
from autograder.course.exceptions import read
from autograder.files import write_atomically
from autograder.gradebook.adjust import adjust, adjusted, ask_for_one_of_each_group, undo
from autograder.gradebook.annotation import ANSWER, NO_RESPONSE, annotate
from autograder.gradebook.answers import CHANGED, ask
from autograder.gradebook.deadline import extensions
from autograder.gradebook.settings import with_instructors_own
from autograder.gradebook.timestamp import RecordedTime, copy_timestamp, read_timestamp
from autograder.grading.result import Result
from autograder.judging.verdict import State, verdict_in

log = logging.getLogger(__name__)


class RecordError(RuntimeError):
    """Some results could not be recorded; the message says whose and why. All others have been."""


def record(results: Iterable[Result], course: Course) -> list[Path]:
    """Write every result into the gradebook and the autograded folder, in one transaction per submission.

    A person's marks and comments stay. A submission that cannot be graded is recorded without a mark and flagged for a
    person. Results may come while grading goes on.

    Returns:
        The autograded notebooks, in the same order.

    Raises:
        RecordError: some could not be written; all others have been.
    """
    written = []
    failed: dict[str, Exception] = {}
    penalties = late_penalties(config=with_instructors_own(course))
    with Gradebook(course.db_url, course.name) as gradebook:
        for result in results:
            try:
                written.append(_record_one(result, course, gradebook, penalties))
            except Exception as error:
                failed[result.student] = error
            if result.problem:
                log.warning("%s cannot be graded and waits for a person: %s", result.student, result.problem)
    if failed:
        lines = [f"{student!a}: {error}" for student, error in failed.items()]
        raise RecordError("\n".join(["These were graded, but could not be recorded; all others were:", *lines]))
    return written


def late_penalties(**options: Any) -> AssignLatePenalties:
    """nbgrader's preprocessor with its plugin loaded; options are its ``config`` or ``parent``."""
    penalties = AssignLatePenalties(**options)
    penalties.init_plugin()
    return penalties


def _record_one(result: Result, course: Course, gradebook: Gradebook, penalties: AssignLatePenalties) -> Path:
    """Write one result in one transaction; returns the autograded notebook."""
    notebook = annotate(result)
    folder = _folder(course.submitted, result)
    try:
        save_marks(gradebook, notebook, result.assignment, result.student, course, penalties)
        gradebook.db.commit()
    except BaseException:
        gradebook.db.rollback()
        raise
    return _write_autograded(notebook, folder, _folder(course.autograded, result), result.assignment)


def save_marks(
    gradebook: Gradebook,
    notebook: NotebookNode,
    assignment: str,
    student: str,
    course: Course,
    penalties: AssignLatePenalties,
) -> None:
    """Put an annotated notebook's marks into the gradebook's session; the caller commits.

    A new student or submission is added. Every automatic mark is replaced or removed: none stays from an earlier
    grading. As in nbgrader, a cell that has a mark by hand needs a second look; a written answer only if it has changed.
    """
    submission = _submission(gradebook, assignment, student)
    submission.timestamp = _handed_in(gradebook, submission, course)
    submitted = _submitted_notebook(gradebook, submission, assignment)
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    comments = {comment.cell.name: comment for comment in submitted.comments}
    for name, comment in comments.items():
        if not (comment.auto_comment or "").startswith(CHANGED):
            comment.auto_comment = NO_RESPONSE if name in cells and _untouched(cells[name]) else None
    changed = adjusted(gradebook, submitted.grades)
    for grade in submitted.grades:
        if grade.id in changed:
            undo(gradebook, grade)
        cell = cells.get(grade.cell.name)
        verdict = verdict_in(cell) if cell is not None else None
        grade.auto_score = verdict.automatic if verdict is not None else None
        grade.needs_manual_grade = grade.auto_score is None or grade.manual_score is not None
        if cell is not None and verdict is not None and verdict.state is State.WAITING:
            ask(gradebook, grade, comments[grade.cell.name], cell.metadata[ANSWER])
    gradebook.db.refresh(submitted)
    late = _seconds_late(submission, extensions(course, assignment, gradebook))
    _penalise(submitted, student, late, penalties)


def _handed_in(gradebook: Gradebook, submission: SubmittedAssignment, course: Course) -> datetime | None:
    """When it was handed in, UTC: as the student's folder says, unless a person has changed it in the gradebook."""
    where = Path(submission.student.id, submission.assignment.name)
    said, known = read_timestamp(course.submitted / where), submission.timestamp
    gradebook.db.flush()  # gives a new submission its id
    kept = gradebook.db.get(RecordedTime, submission.id)
    recorded = kept.said if kept else read_timestamp(course.autograded / where)
    if said is None or (recorded and known and known != recorded):
        found: datetime | None = known
        return found
    gradebook.db.merge(RecordedTime(submission_id=submission.id, said=said))
    return said


def _submission(gradebook: Gradebook, assignment: str, student: str) -> SubmittedAssignment:
    """The student's submission, added without a commit where it is new."""
    try:
        return gradebook.find_submission(assignment, student)
    except MissingEntry:
        pass
    try:
        owner = gradebook.find_student(student)
    except MissingEntry:
        owner = Student(id=student)
        gradebook.db.add(owner)
    submission = SubmittedAssignment(assignment=gradebook.find_assignment(assignment), student=owner)
    gradebook.db.add(submission)
    return submission


def _submitted_notebook(gradebook: Gradebook, submission: SubmittedAssignment, name: str) -> SubmittedNotebook:
    """The submission's notebook with a row for every cell, those added to the assignment since included."""
    notebook = gradebook.find_notebook(name, submission.assignment.name)
    submitted = next((each for each in submission.notebooks if each.notebook is notebook), None)
    if submitted is None:
        submitted = SubmittedNotebook(notebook=notebook, assignment=submission)
        gradebook.db.add(submitted)
    graded = {grade.cell_id for grade in submitted.grades}
    commented = {comment.cell_id for comment in submitted.comments}
    for cell in notebook.grade_cells:
        if cell.id not in graded:
            gradebook.db.add(Grade(cell=cell, notebook=submitted))
    for cell in notebook.solution_cells:
        if cell.id not in commented:
            gradebook.db.add(Comment(cell=cell, notebook=submitted))
    return submitted


def _untouched(cell: NotebookNode) -> bool:
    """Whether a solution cell is as it was released."""
    return bool(cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell))


def _seconds_late(submission: SubmittedAssignment, extensions: Mapping[str, timedelta]) -> float:
    """How long after the student's due date a submission came; 0 where it was in time, or nobody knows."""
    due, more = submission.assignment.duedate, extensions.get(submission.student.id, timedelta(0))
    late = submission.timestamp - due - more if submission.timestamp and due else timedelta(0)
    return max(0.0, late.total_seconds())


def _penalise(submitted: SubmittedNotebook, student: str, late: float, penalties: AssignLatePenalties) -> None:
    """Set the penalty that nbgrader's plugin decides on; a submission in time has none."""
    score = submitted.score
    penalty = penalties.plugin_inst.late_submission_penalty(student, score, late) if late > 0 else None
    submitted.late_submission_penalty = None if penalty is None else min(max(0.0, penalty), score)


def renew_lateness(course: Course, name: str) -> None:
    """Update due date, times, what exceptions give, and late penalties of submissions that are not graded again.

    A new date in course.toml, a mark by hand, an exception or another policy needs no student code to run.
    """
    penalties = late_penalties(config=with_instructors_own(course))
    with Gradebook(course.db_url, course.name) as gradebook:
        assignment = gradebook.find_assignment(name)
        due = course.entries[name].due_utc if name in course.entries else None
        assignment.duedate = due or assignment.duedate
        exceptions = read(course, name)
        adjust(gradebook, assignment.id, exceptions)
        more = extensions(course, name, gradebook)
        for submission in assignment.submissions if assignment.duedate else ():
            student = submission.student_id
            stamp = _handed_in(gradebook, submission, course)
            if stamp != submission.timestamp:
                submission.timestamp = stamp
                copy_timestamp(course.submitted / student / name, course.autograded / student / name)
            late = _seconds_late(submission, more)
            for submitted in submission.notebooks:
                if submitted.late_submission_penalty or late > 0:
                    _penalise(submitted, student, late, penalties)
        times = {each.student_id: each.timestamp for each in assignment.submissions}
        ask_for_one_of_each_group(gradebook, assignment.id, exceptions.owners(times))
        gradebook.db.commit()


def _folder(directory: Path, result: Result) -> Path:
    """STUDENT/NAME below a directory, and nowhere else.

    Raises:
        ValueError: the student's id cannot name a folder.
    """
    if result.student in ("", ".", "..") or "/" in result.student or "\0" in result.student:
        raise ValueError(f"{result.student!r} cannot be a student's id: it has to be the name of a folder")
    return directory / result.student / result.assignment


def _write_autograded(notebook: NotebookNode, submitted: Path, folder: Path, name: str) -> Path:
    """The graded copy, and beside it the timestamp, by which nbgrader knows whether to grade again."""
    copy_timestamp(submitted, folder)
    path = folder / f"{name}.ipynb"
    text = json.dumps(notebook, ensure_ascii=False)  # nbformat's own writer indents, which takes a quarter of recording
    write_atomically(path, text.encode() + b"\n")
    return path
