"""Recognise which of a course's assignments a notebook of any name is."""

from collections.abc import Iterable, Sequence

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.ingest.match import Index, Piece, contents, match
from autograder.ingest.read import StudentCell, Ungradable, read_cells

PROSE = 80
"""A text of the course's that has as many characters is in no notebook of anybody else's."""
EXERCISE, TEXT = 5, 1
"""What an exercise and a text count, where a notebook is compared with several assignments."""


def recognise(data: bytes, course: Course, filename: str = "") -> Assignment:
    """The assignment whose exercises and texts these bytes hold most of; the file's name decides between equals.

    Raises:
        Ungradable: there is no notebook in them, or it is none of this course's.
        CourseError: an assignment has not been built.
    """
    cells, _ = read_cells(data, filename)
    assignments = [Assignment.load(course, name) for name in course.assignments]
    best = _best(cells, sorted(assignments, key=lambda each: each.name not in filename))
    if best is None:
        raise Ungradable(f"This notebook holds no exercise of this course ({', '.join(course.assignments)}).")
    return best


def require(assignment: Assignment, cells: Sequence[StudentCell], pieces: Sequence[Piece], index: Index) -> None:
    """Refuse a notebook that is another assignment's, or nobody's here.

    Raises:
        Ungradable: with the name of the assignment that it is, if it is one of the course's.
    """
    held = likeness(pieces, index)
    if 2 * held >= EXERCISE * len(index.asked):
        return
    other = _best(cells, [assignment, *_others(assignment)])
    if other is None:
        raise Ungradable(f"None of the exercises of {assignment.name} is in this notebook.")
    if other is not assignment:
        raise Ungradable(f"This is the notebook of {other.name}, not of {assignment.name}.")


def likeness(pieces: Sequence[Piece], index: Index) -> int:
    """How much of an assignment there is; questions count nothing, for those of every quiz are called the same.

    What only has the name of something asked is no evidence before there are several of them.
    """
    sure = {piece.exercise for piece in pieces} & index.asked
    named = frozenset[str]().union(*(piece.names for piece in pieces)) & index.asked
    same = (index.own_contents.get(contents(piece.cell.source, piece.cell.kind)) for piece in pieces)
    cells = index.assignment.release.cells
    texts = {at for at in same if at is not None and cells[at].cell_type != "code" and len(cells[at].source) >= PROSE}
    if not sure and not texts and len(named) < min(len(index.asked), max(2, len(index.asked) // 3)):
        return 0
    return EXERCISE * len(sure | named) + TEXT * len(texts)


def _best(cells: Sequence[StudentCell], assignments: Iterable[Assignment]) -> Assignment | None:
    """The assignment of which there is most, of equals the first; None where there is nothing of any."""
    best, most = None, 0
    for assignment in assignments:
        index = Index(assignment)
        held = likeness(match(cells, index), index)
        if held > most:
            best, most = assignment, held
    return best


def _others(assignment: Assignment) -> Iterable[Assignment]:
    """The course's other assignments that are here: a worker need not have them."""
    for name in assignment.course.assignments:
        if name != assignment.name and assignment.course.release_path(name).is_file():
            yield Assignment.load(assignment.course, name)
