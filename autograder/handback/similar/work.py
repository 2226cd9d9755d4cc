"""What each student of a class wrote: the solution cells of what was handed in, as one text."""

from collections.abc import Sequence

from autograder.course.assignment import Assignment
from autograder.course.cell_text import essence
from autograder.grading.classroom import Submission, find_submissions
from autograder.grading.result import QUIZ
from autograder.handback.similar.compare import Resemblance, Work, resemblance
from autograder.ingest import Ungradable, ingest
from autograder.ingest.read import MAX_BYTES

LONGEST = 40_000
"""Characters of one exercise that are compared; a longer cell is no answer."""


def similar_submissions(assignment: Assignment) -> Resemblance:
    """Which submissions under submitted/ are alike."""
    return resemblance(works(assignment, find_submissions(assignment.course, assignment.name)), given(assignment))


def works(assignment: Assignment, submissions: Sequence[Submission]) -> list[Work]:
    """The students' own solution cells; a student without any, or without a readable notebook, is left out."""
    found = []
    for submission in submissions:
        code = _own_code(assignment, submission)
        if code:
            found.append(Work(submission.student, code))
    return found


def given(assignment: Assignment) -> str:
    """All code that the course itself gives."""
    return "\n\n".join(cell.source for cell in assignment.release.cells if cell.cell_type == "code")


def _own_code(assignment: Assignment, submission: Submission) -> str:
    if submission.path is None:
        return ""
    try:
        with submission.path.open("rb") as file:
            rebuilt = ingest(file.read(MAX_BYTES + 1), assignment, submission.path.name).notebook
    except (OSError, Ungradable):
        return ""
    stubs = {each: assignment.release.cells[at].source for each, at in assignment.solution_cells.items()}
    written = [
        cell.source[:LONGEST]
        for cell in rebuilt.cells
        if cell.id in stubs and not cell.id.startswith(QUIZ) and essence(cell.source) != essence(stubs[cell.id])
    ]
    return "\n\n".join(source.strip("\n") for source in written)
