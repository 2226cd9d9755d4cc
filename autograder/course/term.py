"""The next term: all that the last one has left is put aside; sources stay, a new seed and tag begin."""

import re
from pathlib import Path

from autograder.course.course import SEED_FILE, Course, CourseError
from autograder.course.exceptions import FILE
from autograder.files import write_atomically

OF_A_TERM = "submitted collected autograded feedback similar report gradings marking gradebook.db".split()
OF_A_TERM += ["final.csv", FILE, SEED_FILE]
"""What is of a term's students, and the seed of their hidden inputs."""
TAG = re.compile(r"""^(\s*tag\s*=\s*)("[^"]*"|'[^']*')""", re.MULTILINE)


def rollover(course: Course, tag: str, *, dry_run: bool = False) -> tuple[Path, list[str]]:
    """Put the last term aside and write the new tag; after an interruption the same call goes on.

    Returns:
        The folder of the last term, a course of its own in which every command goes on working, and what was moved there.

    Raises:
        CourseError: the tag is none, or this term's, or something that is to be moved is in the folder already.
    """
    if tag == course.tag or not re.fullmatch(r"\w[\w./-]*", tag):
        raise CourseError(f"A new term needs a tag of its own, such as autumn-2027; this one has {course.tag}.")
    archive = course.root / "terms" / course.tag.replace("/", "-")
    exports = [path.name for name in course.assignments for path in course.root.glob(f"{name}[-.]*")]
    moved = [name for name in (*OF_A_TERM, *exports) if (course.root / name).exists()]
    twice = [name for name in moved if (archive / name).exists()]
    if twice:
        raise CourseError(f"{archive / twice[0]} is there already, from a term with this tag: move that folder away.")
    if not dry_run:
        course.clone_to(archive)
        for name in moved:
            (course.root / name).rename(archive / name)
        path = course.root / "course.toml"
        text = path.read_text(encoding="utf-8-sig")
        write_atomically(path, TAG.sub(rf'\g<1>"{tag}"', text, count=1).encode())
    return archive, moved
