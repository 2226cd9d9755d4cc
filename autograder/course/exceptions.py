"""exceptions.toml: who has more time or is excused, groups, and exercises that count otherwise; results stay as they are."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from autograder.course.course import Course, CourseError
from autograder.course.schema import mistake, parse
from autograder.course.settings import beyond
from autograder.files import write_atomically

FILE = "exceptions.toml"
GRADED = re.compile(r'"grade": true,\s*"grade_id": "([^"]+?)(?:-test)?"')  # loading a notebook takes far longer
NEVER = timedelta(days=36525)  # the extension of one who pays nothing for lateness
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Exceptions:
    """What holds in one assignment; of two rows on the same the later counts, one on it alone before one on all.

    Attributes:
        students, exercises: id → its row.
        groups: the ids of their members.
        enough: so many points of the exercises are full marks; None asks for all.
    """

    students: Mapping[str, Row]
    exercises: Mapping[str, Row]
    groups: Sequence[Sequence[str]]
    enough: float | None = None

    def beyond(self, points: Mapping[str, float]) -> float:
        """How many points, by exercise, do not count because fewer are full marks; a bonus comes on top."""
        asked = {name: each for name, each in points.items() if not self.exercises.get(name, {}).get("bonus")}
        return beyond(asked, self.enough)

    def those(self, what: str) -> frozenset[str]:
        """Who is ``excused`` or ``withdrawn``."""
        return frozenset(student for student, row in self.students.items() if row.get(what))

    def owners(self, handed_in: Mapping[str, datetime | None]) -> dict[str, str]:
        """Whose hand-in counts for each other member of a group: the latest, of those in the course."""
        found = dict[str, str]()
        for members in self.groups:
            there = [each for each in members if each in handed_in and not self.students.get(each, {}).get("withdrawn")]
            latest = max(there, key=lambda each: handed_in[each] or datetime.min, default=None)
            found |= {each: latest for each in members if latest and each != latest}
        return found

    def extensions(self, due: datetime | None) -> dict[str, timedelta]:
        """Who has how much more time than all others until this time (UTC, without an offset)."""
        found = dict[str, timedelta]()
        for student, row in self.students.items():
            more = [timedelta(hours=row["extra_hours"])] if "extra_hours" in row else []
            more += [datetime.fromisoformat(row["due"]) - due.replace(tzinfo=UTC)] if due and "due" in row else []
            more = [NEVER] if row.get("late_penalty") is False else more
            found |= {student: max(more)} if more else {}
        return found


def read(course: Course, name: str) -> Exceptions:
    """What holds in an assignment; raises a CourseError that says which row cannot be meant, and why."""
    tables, students = all_rows(course), defaultdict[str, dict[str, Any]](dict)
    for row in sorted(tables.get("students", ()), key=lambda row: "assignment" in row):
        if row.get("assignment", name) == name:
            students[row["student"]] |= row
    exercises = {row["exercise"]: row for row in tables.get("exercises", ()) if row["assignment"] == name}
    groups = [row["members"] for row in tables.get("groups", ()) if row["assignment"] == name]
    enough = course.entries[name].enough_points if name in course.entries else None
    return Exceptions(students, exercises, groups, enough)


def all_rows(course: Course, text: str | None = None) -> dict[str, list[Row]]:
    """The rows of each table, of the course's file or of a text; raises as ``read``."""
    try:
        tables = parse(text or _text(course))
    except ValueError as error:
        raise CourseError(f"{FILE}: {error}.") from None
    if wrong := mistake(tables, "exceptions"):
        kind, at = [*wrong[0], 0, 0][:2] if wrong[0] else ("", 0)
        raise _mistake(str(kind), int(at), wrong[1])
    grouped = set[tuple[str, str]]()
    for kind, at, row in ((kind, at, row) for kind, rows in tables.items() for at, row in enumerate(rows)):
        name, members = row.get("assignment"), {(row.get("assignment"), each) for each in row.get("members", ())}
        if name not in (None, *course.entries):
            raise _mistake(kind, at, f"there is no assignment {name!r}, but {', '.join(course.entries)}")
        if "due" in row and (name is None or course.entries[name].due is None):
            raise _mistake(kind, at, "due needs an assignment that has a due date in course.toml")
        known = GRADED.findall(course.release_path(name).read_text("utf-8")) if "exercise" in row else []
        if "exercise" in row and row["exercise"] not in known:
            raise _mistake(kind, at, f"{name} has no exercise {row['exercise']!r}, but {', '.join(known)}")
        if members & grouped:
            raise _mistake(kind, at, f"{min(members & grouped)[1]} is in a group of {name} already")
        grouped |= members
    return tables


def _text(course: Course) -> str:
    path = course.root / FILE
    return path.read_text(encoding="utf-8-sig") if path.is_file() else ""


def _mistake(kind: str, at: int, said: str) -> CourseError:
    return CourseError(f"{FILE}, row {at + 1} of [[{kind}]]: {said}." if kind else f"{FILE}: {said}.")


def add(course: Course, kind: str, row: Row) -> None:
    """Write one more row at the end of the file; what is there stays to the letter; raises as ``read``."""
    values = {key: value if key == "due" else json.dumps(value, ensure_ascii=False) for key, value in row.items()}
    text = "\n".join([_text(course), f"[[{kind}]]", *(f"{key} = {value}" for key, value in values.items()), ""])
    all_rows(course, text)
    write_atomically(course.root / FILE, text.lstrip().encode())


def derived(row: Row, earned: float, points: float) -> tuple[float, float]:
    """What counts of points earned in an exercise of so many, to the cent, and what it is worth."""
    most = float(row.get("points", points))
    score = most if row.get("full_marks") else round(earned * most / points, 2) if points and most != points else earned
    return (0.0, 0.0) if row.get("dropped") else (score, 0.0 if row.get("bonus") else most)


def sentence(row: Row) -> str:
    """What a student is told of an exercise's exception."""
    words = {"full_marks": "Full marks for all. ", "dropped": "It does not count. ", "bonus": "It is a bonus. "}
    worth = f"It is worth {row['points']:g} points. " if "points" in row else ""
    return worth + "".join(said for key, said in words.items() if row.get(key)) + str(row["reason"])
