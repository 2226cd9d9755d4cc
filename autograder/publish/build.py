"""From the sources to what students get: assignments, released by nbgrader, and lectures, as they are.

``course`` knows no gradebook, and a release is made by nbgrader: so the build is here, among what is published.
"""

from collections.abc import Sequence
from pathlib import Path

from autograder.course.course import Course
from autograder.course.lecture import lecture_notebook
from autograder.course.source import notebook_bytes, source_notebook
from autograder.files import write_atomically
from autograder.gradebook.generate import release


def build(course: Course, names: Sequence[str] | None = None) -> list[Path]:
    """Write the source notebook and the release of the assignments named, and the lectures named; by default all.

    An assignment and a lecture may share a name, that of their unit. Building twice gives the same bytes. Nothing is
    written before both notebooks of an assignment are made.

    Returns:
        The released notebooks, then the lectures.

    Raises:
        CourseError: an unknown name.
        SourceError: a source that breaks a rule.
        BuildError: nbgrader refused.
    """
    chosen = names or [*course.assignments, *course.lectures]
    for name in chosen:
        if name not in course.lectures:
            course.entry(name)
    written = []
    for name in course.assignments:
        if name in chosen:
            source, released = make(course, name)
            write_atomically(course.source_path(name), source)
            write_atomically(course.release_path(name), released)
            written.append(course.release_path(name))
    for name in course.lectures:
        if name in chosen:
            write_atomically(course.lecture_path(name), make_lecture(course, name))
            written.append(course.lecture_path(name))
    return written


def make(course: Course, name: str) -> tuple[bytes, bytes]:
    """The bytes of an assignment's source notebook and of its release; writes nothing in the course.

    Raises:
        CourseError, SourceError, BuildError: as ``build``.
    """
    source = notebook_bytes(source_notebook(course, name))
    return source, release(course, name, source)


def make_lecture(course: Course, name: str) -> bytes:
    """The bytes of a lecture's notebook, without outputs; writes nothing."""
    return notebook_bytes(lecture_notebook(course, name))


def drift(course: Course) -> list[str]:
    """The releases and lectures that are not what their sources give, as paths below the course, and lectures that have
    lost their source; empty when all are fresh."""
    wanted = {course.release_path(name): make(course, name)[1] for name in course.assignments}
    wanted |= {course.lecture_path(name): make_lecture(course, name) for name in course.lectures}
    stale = [path for path, data in wanted.items() if not path.is_file() or path.read_bytes() != data]
    stale += sorted(path for path in course.lecture_directory.glob("*.ipynb") if path not in wanted)
    return [str(path.relative_to(course.root)) for path in stale]
