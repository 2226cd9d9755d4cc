"""nbgrader's generate_assignment: a source notebook becomes a release and an entry in the gradebook."""

import contextlib
import logging
import os
import sqlite3
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, LoggingConfigurable

from autograder.course.course import Course, CourseError
from autograder.course.source import notebook_bytes, source_notebook
from autograder.files import create_atomically, scratch, write_atomically
from autograder.gradebook.settings import settings


class BuildError(CourseError):
    """nbgrader refused to release or register an assignment; the message says why."""


UNINDEXED = (
    ("submitted_assignment", "student_id"),
    ("submitted_notebook", "assignment_id"),
    ("grade", "notebook_id"),
    ("comment", "notebook_id"),
)
"""Columns by which nbgrader looks up the rows of a submission."""


def release(course: Course, name: str, source: bytes) -> bytes:
    """The release that nbgrader makes of an assignment's source notebook; writes nothing in the course.

    Raises:
        BuildError: nbgrader refused.
    """
    config = Config(SaveCells={"enabled": False}, GenerateAssignment={"no_database": True})
    return _generate(course, name, source, config)


def register(course: Course, name: str) -> None:
    """Enter an assignment and its cells into the gradebook, which is made if need be; no release is written.

    Submissions and marks stay; doing it again changes nothing.

    Raises:
        BuildError: the exercises have changed, but there are marks for the old ones.
    """
    create_gradebook(course)
    index_gradebook(course)
    source = notebook_bytes(source_notebook(course, name))
    _generate(course, name, source, Config(CourseDirectory={"db_url": course.db_url}))
    due = course.entry(name).due_utc
    if due is not None:
        with Gradebook(course.db_url, course.name) as gradebook:
            gradebook.update_or_create_assignment(name, duedate=due)


def create_gradebook(course: Course) -> None:
    """Make the course's gradebook where there is none: nbgrader must not do so from several processes at once.

    nbgrader takes several transactions and cannot mend what a kill leaves between them: so the file is made elsewhere.
    """
    if not course.gradebook.exists():
        with scratch() as folder, _alembic_on_path(), _temporary_files_in(folder):
            draft = folder / course.gradebook.name
            Gradebook(f"sqlite:///{draft}", course.name).close()
            create_atomically(course.gradebook, draft.read_bytes())


def index_gradebook(course: Course) -> None:
    """Add the indexes that nbgrader leaves out: without them a query for one submission reads the whole class."""
    with contextlib.closing(sqlite3.connect(course.gradebook, timeout=60)) as database, database:
        for table, column in UNINDEXED:
            database.execute(f"CREATE INDEX IF NOT EXISTS ix_{table}_{column} ON {table} ({column})")


def _generate(course: Course, name: str, source: bytes, extra: Config) -> bytes:
    """The release that nbgrader makes of a source notebook, in a temporary folder."""
    with scratch() as folder:
        root = folder.resolve()
        config = settings(course)
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.assignment_id = name
        config.BaseConverter.force = True
        config.merge(extra)
        write_atomically(root / config.CourseDirectory.source_directory / name / f"{name}.ipynb", source)
        log, reasons = logging.Logger(name, logging.ERROR), _Reasons()  # below no other: nobody reads a refusal twice
        log.addHandler(reasons)
        parent = LoggingConfigurable(config=config, log=log)
        try:
            GenerateAssignment(coursedir=CourseDirectory(parent=parent), parent=parent).start()
        except NbGraderException as error:
            raise BuildError(f"nbgrader refused {name}: {reasons.text or error}") from error
        path: Path = root / config.CourseDirectory.release_directory / name / f"{name}.ipynb"
        return path.read_bytes()


class _Reasons(logging.Handler):
    """Keeps the last line of the last traceback that was logged: only there nbgrader says why it refuses something."""

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("Traceback"):
            self.text = message.strip().splitlines()[-1]


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """nbgrader's temporary files go into this folder: what a kill leaves of them the next run removes."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextlib.contextmanager
def _alembic_on_path() -> Iterator[None]:
    """nbgrader looks for the program ``alembic`` on PATH, which lacks a virtual environment that is not active."""
    before = os.environ.get("PATH", "")
    folders = {sysconfig.get_path("scripts"), str(Path(sys.executable).parent)}
    os.environ["PATH"] = os.pathsep.join([*sorted(folders), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
