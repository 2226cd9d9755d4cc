"""From an assignment's source to what students get, through nbgrader's own converter; and into its gradebook."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, LoggingConfigurable

from autograder.course import Course
from autograder.source import source_notebook


class BuildError(RuntimeError):
    """nbgrader refused to release or register an assignment; the message says why."""


def build(course: Course, names: Sequence[str] | None = None) -> list[Path]:
    """Write the source notebook and the release of the assignments named, by default of all.

    Building twice gives the same bytes. Nothing is written before both notebooks of an assignment are made.

    Returns:
        The released notebooks.

    Raises:
        CourseError: an unknown name.
        SourceError: a source that breaks a rule.
        BuildError: nbgrader refused.
    """
    for name in names or ():
        course.entry(name)
    written = []
    for name in names or course.assignments:
        source, release = make(course, name)
        _write(course.source_path(name), source)
        _write(course.release_path(name), release)
        written.append(course.release_path(name))
    return written


def make(course: Course, name: str) -> tuple[bytes, bytes]:
    """The bytes of an assignment's source notebook and of its release; writes nothing in the course.

    Raises:
        CourseError, SourceError, BuildError: as ``build``.
    """
    source = _source_bytes(course, name)
    config = Config(SaveCells={"enabled": False}, GenerateAssignment={"no_database": True})
    return source, _generate(course, name, source, config)


def drift(course: Course) -> list[str]:
    """The releases that are not what their sources give, as paths below the course; empty when all are fresh."""
    stale = []
    for name in course.assignments:
        path = course.release_path(name)
        if not path.is_file() or path.read_bytes() != make(course, name)[1]:
            stale.append(str(path.relative_to(course.root)))
    return stale


def register(course: Course, name: str) -> None:
    """Enter an assignment and its cells into the gradebook, which is made if need be; the release stays as it is.

    Submissions and marks that are there stay; doing it again changes nothing.

    Raises:
        BuildError: the exercises have changed, but there are marks for the old ones.
    """
    create_gradebook(course)
    _generate(course, name, _source_bytes(course, name), Config(CourseDirectory={"db_url": course.db_url}))


def create_gradebook(course: Course) -> None:
    """Make the course's gradebook if there is none yet: nbgrader must not do it from several processes at once."""
    if not course.gradebook.exists():
        with _alembic_on_path():
            Gradebook(course.db_url, course.name).close()


def _source_bytes(course: Course, name: str) -> bytes:
    text: str = nbformat.writes(source_notebook(course, name))
    return (text + "\n").encode()


def _generate(course: Course, name: str, source: bytes, extra: Config) -> bytes:
    """What nbgrader's generate_assignment makes of a source notebook, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="build-") as folder:
        root = Path(folder).resolve()
        config = course.config()
        config.CourseDirectory.root = str(root)
        config.CourseDirectory.assignment_id = name
        config.BaseConverter.force = True
        config.merge(extra)
        _write(root / config.CourseDirectory.source_directory / name / f"{name}.ipynb", source)
        # nbgrader writes the reason of a refusal into its log alone.
        log = logging.getLogger(f"autograder.build.{name}")
        log.propagate = False
        reasons = _Reasons()
        log.addHandler(reasons)
        parent = LoggingConfigurable(config=config, log=log)
        try:
            GenerateAssignment(coursedir=CourseDirectory(parent=parent), parent=parent).start()
        except NbGraderException as error:
            raise BuildError(f"nbgrader refused {name}: {reasons.text or error}") from error
        finally:
            log.removeHandler(reasons)
        path: Path = root / config.CourseDirectory.release_directory / name / f"{name}.ipynb"
        return path.read_bytes()


class _Reasons(logging.Handler):
    """Keeps the last line of the last traceback that was logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message.startswith("Traceback"):
            self.text = message.strip().splitlines()[-1]


@contextlib.contextmanager
def _alembic_on_path() -> Iterator[None]:
    """nbgrader looks for the program ``alembic`` on PATH, where a virtual environment that is not active is not."""
    before = os.environ.get("PATH", "")
    folders = {sysconfig.get_path("scripts"), str(Path(sys.executable).parent)}
    os.environ["PATH"] = os.pathsep.join([*sorted(folders), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def _write(path: Path, data: bytes) -> None:
    """Replace a file whole, so that nobody ever reads half a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(data)
    os.replace(draft, path)
