"""nbgrader's GetGrades for a class: one look into the gradebook a notebook, where nbgrader takes one a cell."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade
from nbgrader.preprocessors import GetGrades


class GetGradesAtOnce(GetGrades):  # type: ignore[misc]
    """Puts scores and comments into the cells' metadata, and the totals into the resources, as GetGrades does."""

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
        """Name of the cell and these columns, of every grade or comment of the notebook."""
        notebook = self.gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
        query = self.gradebook.db.query(BaseCell.name, *columns).join(kind, kind.cell_id == BaseCell.id)
        return query.filter(kind.notebook_id == notebook.id).all()
