"""What a student's copy of an assignment shows in place of the solutions."""

import re

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import ClearSolutions

from autograder.course.quiz import without_choices
from autograder.course.source import is_solution

QUIZ_ID = re.compile(r"quiz-\d+")


class ReleaseStubs(ClearSolutions):  # type: ignore[misc]  # nbgrader is untyped
    """nbgrader's ClearSolutions, except that a quiz cell keeps its check-boxes and loses its ticks."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, cell_index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """The cell as a student gets it.

        Raises:
            ValueError: a quiz cell whose choices cannot be cleared.
        """
        if is_solution(cell) and QUIZ_ID.fullmatch(cell.metadata["nbgrader"]["grade_id"]):
            cell.source = without_choices(cell.source)
            return cell, resources
        cleared: tuple[NotebookNode, ResourcesDict] = super().preprocess_cell(cell, resources, cell_index)
        return cleared
