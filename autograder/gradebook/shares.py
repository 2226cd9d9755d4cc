"""Who marks what: what waits for a person, dealt among several, a list of rows student, exercise per person."""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from autograder.course.course import Course, CourseError
from autograder.files import spreadsheet, write_atomically

COLUMNS = ["student", "exercise"]
Item = tuple[str, str]
"""A student and an exercise."""


class By(StrEnum):
    """What one person has whole."""

    student = "student"
    question = "question"


def deal(waiting: Collection[Item], people: Sequence[str], by: By, known: Mapping[Item, str]) -> dict[Item, str]:
    """What is waiting, and what is known and stays: item → person.

    Whoever has something keeps it, what waits only if named among the people; what is new of the same student, or
    question, goes to the same person, all else, the most first, to whom has least.
    """
    waiting = {*waiting}
    dealt = {item: person for item, person in known.items() if person in people or item not in waiting}
    of = COLUMNS.index("student" if by is By.student else "exercise")
    new: dict[str, list[Item]] = {}
    for item in sorted(waiting - dealt.keys()):
        new.setdefault(item[of], []).append(item)
    owners = {item[of]: person for item, person in sorted(dealt.items()) if person in people}
    for whole in sorted(new, key=lambda each: (-len(new[each]), each)):
        loads = list(dealt.values())
        least = min(people, key=lambda person: (loads.count(person), people.index(person)))
        dealt |= dict.fromkeys(new[whole], owners.get(whole, least))
    return dealt


def read_shares(course: Course, name: str) -> dict[Item, str]:
    """What has been dealt of an assignment: item → person."""
    found: dict[Item, str] = {}
    for path in sorted((course.root / "marking" / name).glob("*.csv")):
        rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        found |= {(row["student"], row["exercise"]): path.stem for row in rows}
    return found


def write_shares(course: Course, name: str, people: Sequence[str], dealt: Mapping[Item, str]) -> Path:
    """Write marking/NAME/PERSON.csv for each of the people, and whoever else has something; returns the folder.

    Raises:
        CourseError: a person's name cannot be that of a file.
    """
    folder = course.root / "marking" / name
    if len({*people}) < len(people) or not all(re.fullmatch(r"\w[\w.-]*", each) for each in people):
        raise CourseError(f"Say the people as ada,bob,chen: each once, of letters and digits; not {','.join(people)}.")
    everybody = {*people, *dealt.values()}
    for path in folder.glob("*.csv"):
        if path.stem not in everybody:
            path.unlink()
    for person in everybody:
        rows = sorted(item for item, whose in dealt.items() if whose == person)
        write_atomically(folder / f"{person}.csv", spreadsheet([COLUMNS, *rows]))
    return folder
