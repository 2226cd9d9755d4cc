"""nbgrader's generate_feedback for a class: it finds the graded notebooks and puts the gradebook's marks into them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades

from autograder.course.course import Course
from autograder.gradebook.settings import with_instructors_own
from autograder.gradebook.timestamp import copy_timestamp


def convert(root: Path, name: str, students: Sequence[str], exporter: type[Exporter]) -> list[str]:
    """Write the feedback pages of some students.

    Args:
        root: the course's folder.
        name: the assignment.
        students: their ids.
        exporter: makes a page from a graded notebook.

    Returns:
        The students whose page could not be made.

    Raises:
        NbGraderException: nbgrader failed, though all pages are there.
    """
    course = Course.at(root)
    config = with_instructors_own(course)
    config.CourseDirectory.assignment_id = name
    config.GenerateFeedback.exporter_class = exporter
    config.GenerateFeedback.preprocessors = [GetGradesAtOnce]
    converter = _Converter(students, coursedir=CourseDirectory(config=config), config=config, force=True)
    try:
        converter.start()
    except NbGraderException:  # raised after the last notebook; what there was of a page that failed is removed
        failed = [each for each in students if not (course.feedback / each / name / f"{name}.html").is_file()]
        if not failed:
            raise
        return failed
    return []


class _Converter(GenerateFeedback):  # type: ignore[misc] # nbgrader is untyped
    """nbgrader's converter, but it copies no file that a student handed in beside the notebook."""

    def __init__(self, students: Sequence[str], **options: Any) -> None:
        super().__init__(**options)
        self._students = students

    def init_notebooks(self) -> None:
        """Find the students' graded notebooks by their names, which may look like patterns, such as ``a[b]``."""
        name = self.coursedir.assignment_id
        self.notebooks: list[str] = []
        self.assignments = {
            folder: [os.path.join(folder, f"{name}.ipynb")]
            for folder in (self._format_source(name, student) for student in self._students)
        }

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Make the folder of a student's page."""
        destination = Path(self._format_dest(assignment_id, student_id))
        destination.mkdir(parents=True, exist_ok=True)
        copy_timestamp(Path(self._format_source(assignment_id, student_id)), destination)


class GetGradesAtOnce(GetGrades):  # type: ignore[misc]
    """Puts scores, comments and totals into a notebook as GetGrades does, but reads the gradebook once per notebook."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """The notebook with its grades.

        Raises:
            MissingEntry: the gradebook does not know the submission.
        """
        self._scores: dict[str, tuple[float, float]] | None = None
        self._comments: dict[str, str | None] | None = None
        notebook, resources = super().preprocess(nb, resources)
        return notebook, resources

    def _get_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        if self._scores is None:
            rows = self._rows(Grade, Grade.score, Grade.max_score)
            self._scores = {name: (score, most) for name, score, most in rows}
        about = cell.metadata.nbgrader
        about.score, about.points = self._scores[about.grade_id]

    def _get_comment(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        if self._comments is None:
            self._comments = dict(self._rows(Comment, Comment.comment))
        about = cell.metadata.nbgrader
        about.comment = self._comments[about.grade_id]

    def _rows(self, kind: Any, *columns: Any) -> Any:
        """The cell's name and these columns of every grade or comment of the notebook."""
        notebook = self.gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
        query = self.gradebook.db.query(BaseCell.name, *columns).join(kind, kind.cell_id == BaseCell.id)
        return query.filter(kind.notebook_id == notebook.id).all()
