"""What lies in submitted/ and is not graded, or not as whoever put it there by hand may think."""

from collections.abc import Iterator

from autograder.course.course import Course
from autograder.files import is_own_file, own_files
from autograder.gradebook.timestamp import LONGEST, TIMESTAMP, read_timestamp

NOTEBOOKS = (".ipynb", ".py")


def misplaced(course: Course, name: str) -> Iterator[str]:
    """A sentence for each: notebooks in no student's folder, folders spelt otherwise, times that are none, several files."""
    students = sorted(course.submitted.iterdir()) if course.submitted.is_dir() else []
    for path in students:
        if path.suffix.lower() in NOTEBOOKS and path.is_file():
            yield f"submitted/{path.name} is not graded: put it into submitted/STUDENT/{name}/."
        for folder in sorted(path.iterdir()) if path.is_dir() and not path.is_symlink() else ():
            if folder.name != name and folder.name.strip().casefold() == name.casefold():
                yield f"submitted/{path.name}/{folder.name} is not graded: call the folder {name}."
    for folder in sorted(course.submitted.glob(f"*/{name}")):
        said = folder / TIMESTAMP
        if is_own_file(said, course.submitted) and read_timestamp(folder) is None:
            with said.open(encoding="utf-8", errors="replace") as file:
                text = file.read(LONGEST).strip()
            yield f"{folder.parent.name}: {TIMESTAMP} says “{text}”, which is no time, so nothing counts as late: write it as 2026-11-20 15:59:00 UTC."
        files = [path for path in own_files(folder, course.submitted) if path.suffix.lower() in NOTEBOOKS]
        if len(files) > 1 and f"{name}.ipynb" not in {path.name for path in files}:
            yield f"{folder.parent.name}: of {len(files)} notebooks the newest is graded; leave one in submitted/{folder.parent.name}/{name}/."
