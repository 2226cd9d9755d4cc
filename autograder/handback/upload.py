"""Feedback pages under the names by which platforms take them back; docs/instructors.md has their rules."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path, PurePosixPath

from autograder.collect import Person, known_class
from autograder.collect.attempt import Attempt, attempts
from autograder.collect.layout import Kind, canvas_parts, moodle_participant
from autograder.course.course import Course, CourseError
from autograder.files import write_atomically


class Platform(StrEnum):
    """For whom pages are put together; a folder is for people."""

    canvas = "canvas"
    moodle = "moodle"
    exchange = "exchange"
    folder = "folder"


def upload(course: Course, name: str, pages: Iterable[Path], platform: Platform, to: Path) -> tuple[Path, list[str]]:
    """Put the pages feedback/STUDENT/NAME/NAME.html into ``NAME-feedback-PLATFORM.zip``, or a folder.

    Returns:
        The zip or folder, and the students of whom no name is known that the platform would take, or who share one.

    Raises:
        CourseError: the platform has given a name to nobody.
    """
    roster, home = known_class(course, name), course.collected / name / "students"
    people = {person.id: person for person in roster.people} if roster else {}
    names: dict[str, list[str]] = {}
    of = {path.parent.parent.name: path for path in pages}
    for student in of:
        known = attempts(home / student), people.get(student, Person(student)), name
        given = {Platform.canvas: _for_canvas, Platform.moodle: _for_moodle, Platform.exchange: _for_exchange}
        named = f"{student}.html" if platform is Platform.folder else given[platform](*known)
        names.setdefault(named, []).append(student)
    files = {named: of[students[0]] for named, students in names.items() if named and len(students) == 1}
    left = [student for student, path in of.items() if path not in files.values()]
    if not files:
        message = f"{platform.capitalize()} has given none of these {len(of)} students a name: collect its download of {name} first, or write the pages with --for folder."
        raise CourseError(message)
    folder, packed = to / f"{name}-feedback{'-exchange' * (platform is Platform.exchange)}", io.BytesIO()
    if platform in (Platform.folder, Platform.exchange):
        for file, path in files.items():
            write_atomically(folder / file, path.read_bytes())
        return folder, left
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, path in files.items():
            archive.writestr(file, path.read_bytes())
    write_atomically(to / f"{name}-feedback-{platform}.zip", packed.getvalue())
    return to / f"{name}-feedback-{platform}.zip", left


def _for_canvas(kept: Sequence[Attempt], person: Person, _: str) -> str:
    """The name of the file that was handed in last; none where Canvas would read another student or file in it."""
    parts = {each.given: found for each in kept if (found := canvas_parts(each.given)) and "file" in found}
    given = max(parts, key=lambda each: int(parts[each]["file"] or 0), default="")
    user, file = (parts[given].get("user"), parts[given]["file"]) if given else (None, None)
    digits = [word for word in given.split("_") if word.isascii() and word.isdecimal()]
    doubtful = user and (digits[:2] != [user, file] or person.canvas not in ("", user))
    return f"{PurePosixPath(given).stem}_feedback.html" if given and not doubtful else ""


def _for_moodle(kept: Sequence[Attempt], person: Person, name: str) -> str:
    """The folder of the participant that the download, the class list, or both say it is."""
    known = dict(moodle_participant(each.given) for each in kept)
    known |= {person.participant: known.get(person.participant) or f"{person.first} {person.last}".strip()}
    plain = {number: re.sub(r"[_/\\:]|\.\.+", " ", who) for number, who in known.items() if number}  # names no folder
    folders = [f"{who}_{number}_assignsubmission_file_" for number, who in plain.items()]
    return f"{folders[0]}/{name}.html" if len(folders) == 1 else ""


def _for_exchange(kept: Sequence[Attempt], _: Person, name: str) -> str:
    """As nbgrader's ``utils.notebook_hash`` names the page of the hand-in that is newest."""
    secrets = [each.given for each in kept if each.kind is Kind.EXCHANGE and each.given]
    return f"{hashlib.md5(f'{secrets[0]}{name}'.encode()).hexdigest()}.html" if secrets else ""
