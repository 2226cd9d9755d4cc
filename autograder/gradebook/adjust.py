"""What exceptions and full marks make of recorded points, written where nbgrader keeps a person's: so formgrader counts as we do."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import chain
from typing import Any

from nbgrader.api import Base, BaseCell, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import Column, Float, String

from autograder.course.exceptions import Exceptions, derived


class Adjustment(Base):  # type: ignore[misc] # nbgrader is untyped
    """The points that an exception gives, and a person's own, which they hide; where others are there, a person changed them."""

    __tablename__ = "autograder_adjustment"
    grade_id = Column(String(32), primary_key=True)
    own = Column(Float)
    given = Column(Float, nullable=False)


class Surplus(Base):  # type: ignore[misc]
    """Extra credit less what does not count because full marks are fewer points, and a person's own, which it hides."""

    __tablename__ = "autograder_surplus"
    grade_id = Column(String(32), primary_key=True)
    own = Column(Float)
    given = Column(Float, nullable=False)


def own_extra(extra: Any, kept: Surplus | None) -> Any:
    """The extra credit that a person has given to a grade which has this much now."""
    return kept.own if kept is not None and extra == kept.given else extra


def adjusted(gradebook: Gradebook, grades: Collection[Grade]) -> set[str]:
    """The ids of those grades that exceptions or full marks have changed."""
    gradebook.db.flush()  # gives new ones their ids
    ids = [grade.id for grade in grades]
    found = (gradebook.db.query(kind.grade_id).filter(kind.grade_id.in_(ids)) for kind in (Surplus, Adjustment))
    return {grade for (grade,) in chain(*found)}


def undo(gradebook: Gradebook, grade: Grade) -> None:
    """Make a grade what the autograder and people have given."""
    surplus = gradebook.db.get(Surplus, grade.id)
    if surplus is not None:
        grade.extra_credit = own_extra(grade.extra_credit, surplus)
        gradebook.db.delete(surplus)
    kept = gradebook.db.get(Adjustment, grade.id)
    if kept is not None:
        grade.manual_score = kept.own if grade.manual_score == kept.given else grade.manual_score
        grade.needs_manual_grade |= grade.auto_score is None and grade.manual_score is None
        gradebook.db.delete(kept)
        gradebook.db.flush()
        gradebook.db.refresh(grade)


def adjust(gradebook: Gradebook, assignment: str, exceptions: Exceptions) -> None:
    """Give the grades of an assignment, by its number, what exceptions and full marks make of them now."""
    rows = exceptions.exercises
    cells = [cell for exercise in rows for cell in (exercise, f"{exercise}-test")]
    grades = grades_of(gradebook, assignment)
    for grade in grades.join(Adjustment, Adjustment.grade_id == Grade.id).all():
        undo(gradebook, grade)
    surplus = {each.grade_id: each for each in gradebook.db.query(Surplus)}
    for grade in grades.join(BaseCell, BaseCell.id == Grade.cell_id).filter(BaseCell.name.in_(cells)).all():
        row, own = rows[grade.cell.name.removesuffix("-test")], grade.manual_score
        extra = own_extra(grade.extra_credit, surplus.get(grade.id)) or 0.0
        earned = grade.auto_score if own is None else own
        given = derived(row, (earned or 0.0) + extra, grade.cell.max_score)[0] - extra
        if (earned is None and not (row.get("full_marks") or row.get("dropped"))) or given == earned:
            continue
        grade.manual_score, grade.needs_manual_grade = given, grade.needs_manual_grade and earned is not None
        gradebook.db.add(Adjustment(grade_id=grade.id, own=own, given=given))
    gradebook.db.flush()
    if exceptions.enough is not None or surplus:
        _leave_full_marks(gradebook, grades, exceptions, surplus)


def _leave_full_marks(gradebook: Gradebook, grades: Any, exceptions: Exceptions, kept: Mapping[str, Surplus]) -> None:
    """Take what is beyond full marks off the extra credit, in the exercises that have earned most."""
    submissions = defaultdict[str, dict[str, tuple[Any, ...]]](dict)
    columns = (Grade.notebook_id, BaseCell.name, Grade.id, Grade.auto_score, Grade.manual_score, Grade.extra_credit)
    found = grades.join(BaseCell, BaseCell.id == Grade.cell_id).with_entities(*columns)
    for notebook, cell, grade, auto, manual, extra in found:
        own, earned = own_extra(extra, kept.get(grade)), auto if manual is None else manual
        score = (earned or 0.0) + (own or 0.0)
        submissions[notebook][cell.removesuffix("-test")] = (score, grade, own, extra)
    for of in submissions.values():
        left = exceptions.beyond({exercise: score for exercise, (score, *_) in of.items()})
        for score, grade, own, extra in sorted(of.values(), key=lambda each: (-each[0], each[1])):
            taken = min(left, max(0.0, score))
            left, given = left - taken, (own or 0.0) - taken if taken else own
            if taken:
                gradebook.db.merge(Surplus(grade_id=grade, own=own, given=given))
            elif grade in kept:
                gradebook.db.delete(kept[grade])
            if given != extra:
                gradebook.db.get(Grade, grade).extra_credit = given
    gradebook.db.flush()


def ask_for_one_of_each_group(gradebook: Gradebook, assignment: str, others: Collection[str]) -> None:
    """Let what has no points wait for a person, except in the hand-ins of these students, for whom another's counts."""
    waiting = grades_of(gradebook, assignment).filter(Grade.auto_score.is_(None), Grade.manual_score.is_(None))
    for grade, student in waiting.add_columns(SubmittedAssignment.student_id).all():
        grade.needs_manual_grade = student not in others


def grades_of(gradebook: Gradebook, assignment: str) -> Any:
    """The query for the grades of an assignment, by its number."""
    grades = gradebook.db.query(Grade).join(SubmittedNotebook, SubmittedNotebook.id == Grade.notebook_id)
    grades = grades.join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
    return grades.filter(SubmittedAssignment.assignment_id == assignment)
