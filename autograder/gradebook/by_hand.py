"""Marks that several people give in copies of the gradebook, brought together without loss."""

from pathlib import Path
from typing import Any

from nbgrader.api import Grade, Gradebook, MissingEntry

from autograder.course.course import Course, CourseError
from autograder.gradebook.adjust import grades_of, undo
from autograder.gradebook.answers import Answer
from autograder.gradebook.record import renew_lateness
from autograder.gradebook.shares import Item


def merge(course: Course, name: str, copy: Path) -> tuple[list[str], list[Item]]:
    """Take in what people gave in a copy of the gradebook: points, extra credit, a comment, and a flag to a hand-in.

    Returns:
        A sentence on each mark that is another in both; and what was taken in.

    Raises:
        CourseError: the copy knows no such assignment.
    """
    left, taken = [], list[Item]()
    with Gradebook(f"sqlite:///{copy}", course.name) as other, Gradebook(course.db_url, course.name) as gradebook:
        own = {_place(each): each for each in grades_of(gradebook, gradebook.find_assignment(name).id)}
        try:
            assignment = other.find_assignment(name).id
        except MissingEntry:
            raise CourseError(f"{copy} knows no assignment {name}.") from None
        for theirs in grades_of(other, assignment):
            (student, exercise), (_, said) = _place(theirs), _given(other, theirs)
            ours = own.get((student, exercise))
            if ours is not None:
                ours.notebook.flagged |= theirs.notebook.flagged
            if said[:3] == [None] * 3:
                continue
            if ours is None:
                left.append(f"{student}, {exercise}: {copy} says {_told(said)}, the gradebook has no such hand-in")
                continue
            comment, known = _given(gradebook, ours)
            found = [old if new is None else new for old, new in zip(known, said, strict=True)]
            both = zip(known[:3], said[:3], strict=True)
            if said[3] != known[3] or any(None not in pair and pair[0] != pair[1] for pair in both):
                which = " of another answer" * (said[3] != known[3])
                left.append(f"{student}, {exercise}: {copy} says {_told(said)}{which}, the gradebook {_told(known)}")
            elif found != known:
                ours.manual_score, ours.extra_credit, comment.manual_comment, _ = found
                unread = ours.manual_score is None and ours.auto_score is None
                ours.needs_manual_grade &= unread or found[:2] == known[:2]
                taken.append((student, exercise))
        gradebook.db.commit()
    renew_lateness(course, name)
    return left, taken


def _place(grade: Grade) -> Item:
    """Whose grade it is, and of which exercise: a copy in which it was graded anew has other numbers."""
    return grade.notebook.student.id, grade.cell.name.removesuffix("-test")


def _given(gradebook: Gradebook, grade: Grade) -> tuple[Any, list[Any]]:
    """The row of the comment; then points, extra credit, comment and a hash of the words they are for, None for what is not there."""
    undo(gradebook, grade)
    comment = next(each for each in grade.notebook.comments if each.cell.name == _place(grade)[1])
    answer = gradebook.db.get(Answer, grade.id)
    said = grade.manual_score, grade.extra_credit or None, comment.manual_comment or None
    return comment, [*said, answer.digest if answer else None]


def _told(given: list[Any]) -> str:
    """Points, extra credit and comment as a line says them."""
    score, extra, comment, _ = given
    return f"{score}{f' + {extra}' if extra else ''} “{comment or ''}”"
