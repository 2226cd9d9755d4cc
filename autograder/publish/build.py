"""From the sources to what students get: assignments, released by nbgrader, and lectures, as they are.

``course`` knows no gradebook, and a release is made by nbgrader: so the build is here, among what is published.
"""

import json
from collections.abc import Collection, Sequence
from pathlib import Path

import nbformat

from autograder.course.catalogue import Catalogue, catalogues
from autograder.course.course import Course
from autograder.course.lecture import lecture_notebook
from autograder.course.setup_cell import is_setup_cell
from autograder.course.source import notebook_bytes, source_notebook
from autograder.files import write_atomically
from autograder.gradebook.generate import release


def build(course: Course, names: Sequence[str] | None = None) -> list[Path]:
    """Write the source notebook and the release of the assignments named, and the lectures named; by default all.

    An assignment and a lecture may share a name, that of their unit. Building twice gives the same bytes. Nothing is
    written before all is made.

    Returns:
        The released notebooks, each with its translations, then the lectures, and the tables of the package's languages.

    Raises:
        CourseError: an unknown name.
        SourceError: a source that breaks a rule.
        BuildError: nbgrader refused.
    """
    chosen = names or [*course.assignments, *course.lectures]
    for name in chosen:
        if name not in course.lectures:
            course.entry(name)
    files = _made(course, chosen)
    sources = {course.source_path(name): make_source(course, name) for name in course.assignments if name in chosen}
    for path, data in (sources | files).items():
        write_atomically(path, data)
    return list(files)


def _made(course: Course, chosen: Collection[str]) -> dict[Path, bytes]:
    """What is committed of the assignments and lectures chosen, by path."""
    files: dict[Path, bytes] = {}
    for name in (each for each in course.assignments if each in chosen):
        folder = course.release_path(name).parent
        files |= {folder / file: data for file, data in released(course, name).items()}
    files |= {course.lecture_path(name): make_lecture(course, name) for name in course.lectures if name in chosen}
    for path in sorted((course.root / course.package / "locale").glob("*.po")) if course.package else ():
        table = json.dumps(Catalogue(path.stem, path).parts, ensure_ascii=False, indent=0)
        files[path.with_suffix(".json")] = f"{table}\n".encode()
    return files


def make_source(course: Course, name: str) -> bytes:
    """The bytes of an assignment's source notebook; writes nothing and raises as ``build``."""
    return notebook_bytes(source_notebook(course, name))


def released(course: Course, name: str) -> dict[str, bytes]:
    """An assignment's release, and its translations into the languages of the catalogues beside its source, by file name.

    Writes nothing in the course and raises as ``build``.
    """
    own = release(course, name, make_source(course, name))
    others = catalogues(course.solutions / name)
    return {f"{name}.ipynb": own} | {f"{name}.{each.language}.ipynb": _translated(own, each) for each in others}


def _translated(notebook: bytes, say: Catalogue) -> bytes:
    """A notebook in a language: of the same cells with the same code, so that whatever comes of it is graded alike."""
    found = nbformat.reads(notebook.decode(), as_version=4)
    for cell in found.cells:
        if cell.cell_type != "code":
            cell.source = say.whole.get(cell.source, cell.source)
        elif is_setup_cell(cell.source):
            title, _, code = cell.source.partition("\n")
            cell.source = f"{title}\n# language: {say.language}\n{code}"
    return notebook_bytes(found)


def make_lecture(course: Course, name: str) -> bytes:
    """The bytes of a lecture's notebook, without outputs; writes nothing."""
    return notebook_bytes(lecture_notebook(course, name))


def drift(course: Course) -> list[str]:
    """The releases and lectures that are not what their sources give, as paths below the course, and lectures that have
    lost their source; empty when all are fresh."""
    wanted = _made(course, [*course.assignments, *course.lectures])
    stale = [path for path, data in wanted.items() if not path.is_file() or path.read_bytes() != data]
    stale += sorted(path for path in course.lecture_directory.glob("*.ipynb") if path not in wanted)
    return [str(path.relative_to(course.root)) for path in stale]
