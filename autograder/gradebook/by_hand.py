"""Marks that several people give in copies of the gradebook, brought together without loss."""

from pathlib import Path
from typing import Any

from nbgrader.api import Grade, Gradebook

from autograder.course.course import Course
from autograder.gradebook.adjust import grades_of, undo
from autograder.gradebook.answers import Answer
from autograder.gradebook.record import renew_lateness


def merge(course: Course, name: str, copy: Path) -> list[str]:
    """Take in what people gave in a copy of the gradebook; returns a sentence on each mark that is another in both."""
    left = []
    with Gradebook(f"sqlite:///{copy}", course.name) as other, Gradebook(course.db_url, course.name) as gradebook:
        for theirs in grades_of(other, gradebook.find_assignment(name).id):
            ours, (_, said) = gradebook.db.get(Grade, theirs.id), _given(other, theirs)
            if ours is None or said[:2] == [None, None]:
                continue
            comment, known = _given(gradebook, ours)
            found = [old if new is None else new for old, new in zip(known, said, strict=True)]
            if any(None not in pair and pair[0] != pair[1] for pair in zip(known, said, strict=True)):
                which = " of another answer" * (said[2] != known[2])
                both = f"{copy} says {said[0]} “{said[1] or ''}”{which}, the gradebook {known[0]} “{known[1] or ''}”"
                left.append(f"{theirs.notebook.student.id}, {theirs.cell.name.removesuffix('-test')}: {both}")
            elif found != known:
                ours.needs_manual_grade &= found[0] == known[0]
                ours.manual_score, comment.manual_comment, _ = found
        gradebook.db.commit()
    renew_lateness(course, name)
    return left


def _given(gradebook: Gradebook, grade: Grade) -> tuple[Any, list[Any]]:
    """The row of the comment; then points, comment and a hash of the words they are for, None for what is not there."""
    undo(gradebook, grade)
    comment = next(each for each in grade.notebook.comments if each.cell.name == grade.cell.name.removesuffix("-test"))
    answer = gradebook.db.get(Answer, grade.id)
    return comment, [grade.manual_score, comment.manual_comment or None, answer.digest if answer else None]
