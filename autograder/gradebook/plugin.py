"""Grade through nbgrader: its ``autograde`` and formgrader's button give the marks that ``autograder grade`` gives.

nbgrader's Autograde converter has two lists of preprocessors, the first run on what the student handed in, the second
on what the first left in the autograded folder. ``settings.configure`` replaces both, and the exporters.
"""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.doctor import open_sandbox
from autograder.gradebook.annotation import annotate
from autograder.gradebook.record import save_marks
from autograder.gradebook.timestamp import read_timestamp
from autograder.grading.grade import grade_submission
from autograder.grading.result import Result
from autograder.ingest.read import MAX_BYTES
from autograder.sandbox import Sandbox

Resources = dict[str, Any]


class SubmissionExporter(NotebookExporter):
    """nbgrader's notebook exporter, but what students hand in reaches the preprocessors as bytes and is not parsed.

    The converter exports twice: the submitted file, and then the autograded copy that the first time left.
    """

    def from_filename(  # type: ignore[override] # text in place of a notebook, as in nbconvert's own exporters
        self, filename: str, resources: Resources | None = None, **kw: Any
    ) -> tuple[str, Resources]:
        """The autograded copy; of a submission an empty notebook, with its bytes in ``resources["submission"]``."""
        path = Path(filename)
        resources = dict(resources or {}) | {"metadata": {"name": path.stem, "path": str(path.parent)}}
        if path.parent.resolve().is_relative_to(_course().autograded.resolve()):
            notebook = nbformat.read(path, as_version=4)
        else:
            notebook = nbformat.v4.new_notebook()
            resources["submission"] = _submitted_bytes(path)
        exported: tuple[str, Resources] = self.from_notebook_node(notebook, resources, **kw)  # type: ignore[no-untyped-call]
        return exported


def _submitted_bytes(path: Path) -> bytes:
    """A submitted file, or as much of it as shows ingest that it is too large; of a link or a device nothing."""
    if path.is_symlink() or not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


class GradeInSandbox(NbGraderPreprocessor):  # type: ignore[misc]
    """Rebuild a submission, run it in the sandbox, judge it, and write the verdicts into its graded cells."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The annotated notebook in place of what the student handed in."""
        of = resources["nbgrader"]
        graded = grade(_course(), of["assignment"], of["student"], resources["submission"], f"{of['notebook']}.ipynb")
        if graded.problem:
            self.log.warning("%s cannot be graded and waits for a person: %s", of["student"], graded.problem)
        return annotate(graded), resources


class SaveMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """Save an annotated notebook's marks and its penalty for lateness, as ``autograder.gradebook.record`` does."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The same notebook; its marks are in the gradebook then."""
        of = resources["nbgrader"]
        penalties = AssignLatePenalties(parent=self)
        penalties.init_plugin()
        folder = _course().submitted / of["student"] / of["assignment"]
        with Gradebook(of["db_url"]) as gradebook:
            save_marks(gradebook, nb, of["assignment"], of["student"], read_timestamp(folder), penalties)
            gradebook.db.commit()
        return nb, resources


def grade(course: Course, assignment: str, student: str, data: bytes, filename: str) -> Result:
    """Grade one submission in this process's warm sandbox."""
    return grade_submission(data, _assignment(course.root, assignment), student, _sandbox(assignment), filename)


def _course() -> Course:
    """The course that is being graded: nbgrader's converters work inside its folder."""
    return Course.at(Path.cwd())


@cache
def _assignment(root: Path, name: str) -> Assignment:
    return Assignment.load(Course.at(root), name)


@cache
def _sandbox(assignment: str) -> Sandbox:
    """One zygote per assignment for as long as the process lives: formgrader stays warm between two clicks."""
    sandbox = open_sandbox(_course().sandbox_setup(assignment), Path.cwd())
    atexit.register(sandbox.close)
    return sandbox
