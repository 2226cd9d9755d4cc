"""Recognise which of a course's assignments a notebook of any name is."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.ingest.match import Index, Piece, contents, match
from autograder.ingest.read import StudentCell, Ungradable, read_cells

PROSE = 80
"""Characters of a text of the course's that is in nobody else's notebook."""
EXERCISE = 5
"""How many such texts count as much as one exercise, where a notebook is compared with several assignments."""


def recognise(data: bytes, course: Course, filename: str = "") -> Assignment:
    """The assignment whose exercises and texts these bytes hold most of; the file's name decides between equals.

    Raises:
        Ungradable: there is no notebook in them, or it is none of this course's.
        CourseError: an assignment has not been built.
    """
    return recognise_among(data, (Index(Assignment.load(course, name)) for name in course.assignments), filename)


def recognise_among(data: bytes, indices: Iterable[Index], filename: str = "") -> Assignment:
    """The assignment, of those of these indices, that ``recognise`` finds."""
    cells, _ = read_cells(data, filename)
    among = list(indices)
    best = _best(cells, sorted(among, key=lambda index: index.assignment.name not in filename))
    if best is None:
        names = ", ".join(index.assignment.name for index in among)
        raise Ungradable(f"This notebook holds no exercise of this course ({names}).")
    return best


@lru_cache(maxsize=4)
def beside(assignment: Assignment) -> tuple[Index, ...]:
    """What notebooks are looked up in: all assignments of the course that have been built, this one included."""
    course = assignment.course
    there = (each for each in course.assignments if each != assignment.name and course.release_path(each).is_file())
    return Index(assignment), *(Index(Assignment.load(course, each)) for each in there)


def require(assignment: Assignment, cells: Sequence[StudentCell], pieces: Sequence[Piece], index: Index) -> None:
    """Raise Ungradable for a notebook that is another assignment's, as far as those are here, or nobody's."""
    if 2 * likeness(pieces, index) >= EXERCISE * len(index.asked):
        return
    best = _best(cells, beside(assignment))
    if best is not assignment:
        none = f"None of the exercises of {assignment.name} is in this notebook."
        raise Ungradable(f"This is the notebook of {best.name}, not of {assignment.name}." if best else none)


def likeness(pieces: Sequence[Piece], index: Index) -> int:
    """How much of an assignment there is. Questions count nothing: those of every quiz are called the same.

    What only has the name of something asked is no evidence before there are several of them.
    """
    sure = {piece.exercise for piece in pieces} & index.asked
    named = frozenset[str]().union(*(piece.names for piece in pieces)) & index.asked
    same = {index.own_contents.get(contents(piece.cell.source, "markdown"), -1) for piece in pieces}
    texts = [at for at in same if at >= 0 and len(index.assignment.release.cells[at].source) >= PROSE]
    enough = sure or texts or len(named) >= min(len(index.asked), max(2, len(index.asked) // 3))
    return EXERCISE * len(sure | named) + len(texts) if enough else 0


def _best(cells: Sequence[StudentCell], indices: Iterable[Index]) -> Assignment | None:
    """The first assignment whose exercises are all there, else that of which there is most; None if there is nothing of any."""
    best, most = None, 0
    for index in indices:
        pieces = match(cells, index)
        if index.asked and index.asked <= {piece.exercise for piece in pieces}:
            return index.assignment
        held = likeness(pieces, index)
        best, most = (index.assignment, held) if held > most else (best, most)
    return best
