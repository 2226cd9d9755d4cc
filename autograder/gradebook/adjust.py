"""What exceptions make of recorded points, written where nbgrader keeps a person's: so formgrader counts as we do."""

from collections.abc import Collection, Mapping
from typing import Any

from nbgrader.api import Base, BaseCell, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Column, Float, String

from autograder.course.exceptions import Row, derived


class Adjustment(Base):  # type: ignore[misc] # nbgrader is untyped
    """The points that an exception gives, and a person's own, which they hide; where others are there, a person changed them."""

    __tablename__ = "autograder_adjustment"
    grade_id = Column(String(32), primary_key=True)
    own = Column(Float)
    given = Column(Float, nullable=False)


def undo(gradebook: Gradebook, grade: Grade) -> None:
    """Make a grade what the autograder and people have given."""
    kept = gradebook.db.get(Adjustment, grade.id) if grade.id else None
    if kept is not None:
        grade.manual_score = kept.own if grade.manual_score == kept.given else grade.manual_score
        grade.needs_manual_grade |= grade.auto_score is None and grade.manual_score is None
        gradebook.db.delete(kept)
        gradebook.db.flush()
        gradebook.db.refresh(grade)


def adjust(gradebook: Gradebook, assignment: str, rows: Mapping[str, Row]) -> None:
    """Give the grades of an assignment, by its number, what its exercises' exceptions make of them now."""
    cells = [cell for exercise in rows for cell in (exercise, f"{exercise}-test")]
    grades = _grades(gradebook, assignment)
    for grade in grades.join(Adjustment, Adjustment.grade_id == Grade.id).all():
        undo(gradebook, grade)
    for grade in grades.join(BaseCell, BaseCell.id == Grade.cell_id).filter(BaseCell.name.in_(cells)).all():
        row, own, extra = rows[grade.cell.name.removesuffix("-test")], grade.manual_score, grade.extra_credit or 0.0
        earned = grade.auto_score if own is None else own
        given = derived(row, (earned or 0.0) + extra, grade.cell.max_score)[0] - extra
        if (earned is None and not (row.get("full_marks") or row.get("dropped"))) or given == earned:
            continue
        grade.manual_score, grade.needs_manual_grade = given, grade.needs_manual_grade and earned is not None
        gradebook.db.add(Adjustment(grade_id=grade.id, own=own, given=given))
    gradebook.db.flush()


def ask_for_one_of_each_group(gradebook: Gradebook, assignment: str, others: Collection[str]) -> None:
    """Let what has no points wait for a person, except in the hand-ins of these students, for whom another's counts."""
    waiting = _grades(gradebook, assignment).filter(Grade.auto_score.is_(None), Grade.manual_score.is_(None))
    for grade, student in waiting.add_columns(SubmittedAssignment.student_id).all():
        grade.needs_manual_grade = student not in others


def _grades(gradebook: Gradebook, assignment: str) -> Any:
    """The query for the grades of an assignment, by its number."""
    grades = gradebook.db.query(Grade).join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
    grades = grades.join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
    return grades.filter(SubmittedAssignment.assignment_id == assignment)
