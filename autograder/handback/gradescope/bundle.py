"""The zip that Gradescope takes as an autograder: setup.sh, run_autograder, and what they need.

Both files are at the archive's root, as its specification wants; Gradescope unpacks it to /autograder/source, copies
run_autograder to /autograder, and puts the submission into /autograder/submission.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.course import SEED_FILE, CourseError
from autograder.files import write_atomically
from autograder.paths import AUTOGRADER

SCRIPTS = AUTOGRADER / "templates" / "gradescope"
_SUFFIXES = {".py", ".npz", ".md", ".j2", ".html", ".json", ".toml"}


def write(assignment: Assignment, path: Path) -> Path:
    """Write the zip; it holds the judges, the quiz's key and the course's seed."""
    run = (SCRIPTS / "run_autograder").read_bytes().replace(b"NAME", assignment.name.encode())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", (SCRIPTS / "setup.sh").read_bytes(), executable=True)
        _add(archive, "run_autograder", run, executable=True)
        for name, data in sorted(_contents(assignment)):
            _add(archive, name, data)
    write_atomically(path, file.getvalue())
    return path


def _contents(assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    """The course cut down to one assignment, the tool, and the course's package."""
    course = assignment.course
    project = AUTOGRADER.parent
    if not (project / "pyproject.toml").is_file():
        raise CourseError("Gradescope's image installs the tool from its sources: run this command in a clone of them.")
    package = course.package_folder()
    for folder in (AUTOGRADER, *([package] if package else [])):
        for path in folder.rglob("*"):
            if path.is_file() and path.suffix in _SUFFIXES and "__pycache__" not in path.parts:
                yield path.relative_to(folder.parent).as_posix(), path.read_bytes()
    for name in ("pyproject.toml", "README.md", "install-system.sh"):
        yield name, (project / name).read_bytes()
    for path in course.files_for_grading(assignment.name):
        yield path.relative_to(course.root).as_posix(), path.read_bytes()
    yield SEED_FILE, course.seed() + b"\n"


def _add(archive: zipfile.ZipFile, name: str, data: bytes, executable: bool = False) -> None:
    """Add a file that any system may read; the same contents always make the same zip."""
    member = zipfile.ZipInfo(name)
    member.compress_type = zipfile.ZIP_DEFLATED
    member.external_attr = (0o100755 if executable else 0o100644) << 16
    archive.writestr(member, data)
