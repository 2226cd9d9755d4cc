"""Recognise which of a course's assignments a notebook of any name is."""

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.ingest.match import Index, match
from autograder.ingest.read import Ungradable, read_cells


def recognise(data: bytes, course: Course, filename: str = "") -> Assignment:
    """The assignment whose exercises these bytes hold most of; the file's name decides between equals.

    Raises:
        Ungradable: there is no notebook in them, or it holds no exercise of this course.
        CourseError: an assignment has not been built.
    """
    cells, _ = read_cells(data, filename)
    best: Assignment | None = None
    most = (0, False)
    for name in course.assignments:
        assignment = Assignment.load(course, name)
        held: set[str] = set()
        for piece in match(cells, Index(assignment)):
            held |= piece.names | ({piece.exercise} if piece.exercise else set())
        score = (len(held), name in filename)
        if held and score > most:
            best, most = assignment, score
    if best is None:
        raise Ungradable(f"This notebook holds no exercise of this course ({', '.join(course.assignments)}).")
    return best
