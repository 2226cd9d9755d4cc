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

SETUP = """#!/usr/bin/env bash
# Builds the image: choose a base image with Python 3.11 or newer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv
bash install-system.sh
python3 -m venv .venv
.venv/bin/python -m pip install --quiet ".[course,colab]"
"""

RUN = """#!/usr/bin/env bash
# Grades what lies in submission/ and writes results/results.json.
set -euo pipefail
home=$(cd "$(dirname "${{BASH_SOURCE[0]}}")" && pwd)
cd "$home/source"
exec .venv/bin/python -m autograder.handback.gradescope {name} "$home"
"""

_SUFFIXES = {".py", ".npz", ".md", ".j2", ".html", ".json", ".toml"}


def write(assignment: Assignment, path: Path) -> Path:
    """Write the zip; it holds the judges, the quiz's key and the course's seed.

    Args:
        assignment: what is to be graded.
        path: the zip.
    """
    run = RUN.format(name=assignment.name)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "setup.sh", SETUP.encode(), executable=True)
        _add(archive, "run_autograder", run.encode(), executable=True)
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
