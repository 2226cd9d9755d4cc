"""Grade through nbgrader: its ``autograde`` and formgrader's button give the marks that ``autograder grade`` gives.

nbgrader's Autograde converter has two lists of preprocessors: the first runs on the submitted file, the second on the
autograded copy that the first has written. ``settings.configure`` replaces both, and the exporters.
"""

import atexit
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.doctor import open_sandbox
from autograder.files import is_own_file
from autograder.gradebook.alone import AloneExporter
from autograder.gradebook.annotation import annotate
from autograder.gradebook.record import late_penalties, save_marks
from autograder.gradebook.timestamp import copy_timestamp
from autograder.grading.worker import Task, grade_safely
from autograder.ingest.read import MAX_BYTES
from autograder.sandbox import Sandbox

Resources = dict[str, Any]


class SubmissionExporter(AloneExporter, NotebookExporter):
    """nbgrader's notebook exporter, but a submitted file reaches the preprocessors as bytes and is not parsed.

    The converter exports twice: the submitted file, then the autograded copy.
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
    """A submitted file, cut where ingest refuses it as too large; nothing of a link or a device."""
    if not is_own_file(path, path.parents[2]):  # submitted/STUDENT/NAME/NAME.ipynb
        return b""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


class GradeInSandbox(NbGraderPreprocessor):  # type: ignore[misc]
    """Rebuild a submission, run it in the sandbox, judge it, and write the verdicts into its graded cells."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The annotated notebook in place of the submitted one."""
        of = resources["nbgrader"]
        assignment, sandbox = _assignment(_course().root, of["assignment"]), _sandbox(of["assignment"])
        task = Task(of["student"], f"{of['notebook']}.ipynb", resources["submission"])
        result = grade_safely(task, assignment, sandbox, "")
        if result.problem:
            self.log.warning("%s cannot be graded and waits for a person: %s", of["student"], result.problem)
        return annotate(result), resources


class SaveMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """Save an annotated notebook's marks and late penalty, as ``autograder.gradebook.record`` does."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """The same notebook, its marks saved."""
        of = resources["nbgrader"]
        penalties = late_penalties(parent=self)
        folder = _course().submitted / of["student"] / of["assignment"]
        with Gradebook(of["db_url"]) as gradebook:
            save_marks(gradebook, nb, of["assignment"], of["student"], _course(), penalties)
            gradebook.db.commit()
        copy_timestamp(folder, _course().autograded / of["student"] / of["assignment"])
        return nb, resources


def _course() -> Course:
    """The course that is graded: nbgrader's converters work inside its folder."""
    return Course.at(Path.cwd())


@cache
def _assignment(root: Path, name: str) -> Assignment:
    return Assignment.load(Course.at(root), name)


@cache
def _sandbox(assignment: str) -> Sandbox:
    """One sandbox per assignment while the process lives: formgrader's next click finds it warm."""
    sandbox = open_sandbox(_course().sandbox_setup(assignment), Path.cwd())
    atexit.register(sandbox.close)
    return sandbox
