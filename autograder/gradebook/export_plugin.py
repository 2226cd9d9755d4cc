"""``nbgrader export``: which assignments and students nbgrader's command asks for, as plain marks."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from autograder.course.course import Course
from autograder.gradebook.marks import ClassMarks, read_marks


class MarksExport(ExportPlugin):  # type: ignore[misc] # nbgrader is untyped
    """An export plugin that writes plain marks; the file is ``grades.csv`` by default."""

    @abstractmethod
    def write(self, classes: Sequence[ClassMarks], path: Path) -> None:
        """Write the marks of these assignments, with the students asked for."""

    def export(self, gradebook: Gradebook) -> None:
        """Write the assignments and students asked for, by default all."""
        names = [each.name for each in gradebook.assignments]
        asked, ids = set(map(str, self.assignment)), set(map(str, self.student))
        course = Course.at(Path(gradebook.engine.url.database).parent)
        classes = [read_marks(course, name) for name in names if not asked or name in asked]
        if ids:
            classes = [replace(each, students=tuple(one for one in each.students if one.id in ids)) for each in classes]
        self.write(classes, Path(self.to or "grades.csv"))
