"""Written answers in the gradebook: a person's mark stays as long as the answer says what it said when it was given."""

import logging

from nbgrader.api import Base, Comment, Grade, Gradebook
from sqlalchemy import Column, String

log = logging.getLogger(__name__)

CHANGED = "The answer has changed since it was given "
"""With this begins the comment on an answer whose mark was given for other words."""


class Answer(Base):  # type: ignore[misc] # nbgrader is untyped
    """The words that a grade is about: a table of ours beside nbgrader's, which makes it when it opens a gradebook."""

    __tablename__ = "autograder_answer"
    grade_id = Column(String(32), primary_key=True)
    digest = Column(String(64), nullable=False)


def ask(gradebook: Gradebook, grade: Grade, comment: Comment, digest: str) -> None:
    """Ask a person for the mark of a written answer, unless one has been given for the words with this hash.

    What was given for others is kept as a comment.
    """
    known = gradebook.db.get(Answer, grade.id)
    if (grade.manual_score is not None or grade.extra_credit) and (known is None or known.digest != digest):
        said = f", with the comment: {comment.manual_comment}" if comment.manual_comment else "."
        comment.auto_comment = f"{CHANGED}{grade.score:g} of {grade.max_score:g} points{said}"
        log.warning("%s, %s: %s", grade.notebook.student.id, grade.cell.name, comment.auto_comment)
        grade.manual_score = grade.extra_credit = comment.manual_comment = None
    gradebook.db.merge(Answer(grade_id=grade.id, digest=digest))
    grade.needs_manual_grade = grade.manual_score is None
