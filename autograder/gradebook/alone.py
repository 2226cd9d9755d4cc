"""nbgrader's converters take the notebook alone out of a student's folder."""

from datetime import datetime
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbgrader.coursedir import CourseDirectory

from autograder.gradebook.timestamp import read_timestamp


class NotebookAlone(CourseDirectory):  # type: ignore[misc]
    """nbgrader's course directory for a converter that takes nothing from beside a notebook and follows no link."""

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """When the submission in a folder was handed in, as far as a file of its own says so; None before it is graded.

        nbgrader asks a last time when it has removed the graded copy, and would write the answer over a person's time.
        """
        path, pattern = Path(dest_path), "*" if self.notebook_id == "*" else f"{self.notebook_id}.ipynb"
        graded = Path(self.format_path(self.autograded_directory, path.parent.name, path.name))
        return read_timestamp(path) if any(graded.glob(pattern)) else None


class AloneExporter(Exporter):
    """An exporter whose converter copies nothing from beside the notebooks.

    nbgrader copies a student's other files, and what links lead to, into ``autograded/`` and ``feedback/``. Its list of
    what to leave out holds for releasing and collecting, too, so each converter gets a course directory of its own.
    """

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)  # type: ignore[no-untyped-call]
        converter: Any = self.parent
        if converter is not None:
            theirs = converter.coursedir
            settings = {name: getattr(theirs, name) for name in theirs.trait_names(config=True)}
            converter.coursedir = NotebookAlone(parent=theirs.parent, **settings | {"ignore": ["*"]})
