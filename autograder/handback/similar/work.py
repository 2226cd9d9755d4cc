"""What each student of a class wrote: every cell of what was handed in that is not as it was released."""

from collections.abc import Sequence

from autograder.course.assignment import Assignment
from autograder.grading.classroom import Submission, find_submissions, read
from autograder.handback.similar.compare import Omission, Resemblance, Work, resemblance
from autograder.handback.similar.normal import without_prose
from autograder.ingest import Ungradable
from autograder.ingest.match import contents
from autograder.ingest.read import every_cell


def similar_submissions(assignment: Assignment) -> Resemblance:
    """Which submissions under submitted/ are alike."""
    found, omissions = works(assignment, find_submissions(assignment.course, assignment.name))
    return resemblance(found, given(assignment), omissions)


def works(assignment: Assignment, submissions: Sequence[Submission]) -> tuple[list[Work], list[Omission]]:
    """The students' own cells, and who has none that can be read."""
    released = {contents(cell.source, cell.cell_type) for cell in assignment.release.cells}
    found, omissions = [], []
    for submission in submissions:
        try:
            task = read(submission)
            cells, _ = every_cell(task.data, task.filename)
        except Ungradable as reason:
            omissions.append(Omission(submission.student, str(reason)))
            continue
        own = [_code(cell.kind, cell.source) for cell in cells if contents(cell.source, cell.kind) not in released]
        if any(own):
            found.append(Work(submission.student, tuple(source for source in own if source)))
        else:
            omissions.append(Omission(submission.student, "No code but the course's."))
    return found, omissions


def given(assignment: Assignment) -> list[str]:
    """All code that the course itself gives."""
    return [_code(cell.cell_type, cell.source) for cell in assignment.release.cells]


def _code(kind: str, source: str) -> str:
    """The code in a cell: in a text cell, the paragraphs that read as code."""
    return (source if kind == "code" else without_prose(source)).strip("\n")
