"""What a mixture of exceptions, marks by hand and lateness comes to is the same wherever it is shown."""

import csv
import json
import math
import random
import re
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Grade, Gradebook

from autograder.course.course import Course, CourseError
from autograder.course.exceptions import FILE, add, all_rows, read
from autograder.gradebook.by_hand import merge
from autograder.gradebook.marks import read_marks
from autograder.gradebook.record import record
from autograder.handback import canvas, grades_csv
from autograder.handback.feedback import feedback
from autograder.handback.gradescope import results
from autograder.handback.report.recorded import read_class
from tests.places import table, written
from tests.processes import command
from tests.tool.graded_examples import VERDICTS, graded, redated, small_course, stamped, ungradable

pytestmark = pytest.mark.heavy

DUE = datetime(2026, 11, 20, 12)
TABLES = table("tool/exceptions.toml")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Forty recorded hand-ins, in time or late; one in ten cannot be graded and waits for a person."""
    course = redated(tmp_path_factory.mktemp("course"), *TABLES["course"])
    made, chance = [], random.Random(7)
    for student in (f"s{at:02d}" for at in range(40)):
        stamped(course, f"{DUE + timedelta(minutes=chance.randint(-1800, 5400))} UTC", student)
        verdicts = [replace(each, score=chance.randint(0, int(100 * each.max)) / 100) for each in VERDICTS]
        made.append(ungradable(course, student) if student[-1] == "7" else graded(course, student, tuple(verdicts)))
    record(made, course)
    return course


def drawn(course: Course, chance: random.Random) -> dict[str, float | None]:
    """Marks by hand and exceptions, drawn anew; the points that are due, None where a mark is missing."""
    (course.root / FILE).unlink(missing_ok=True)
    recorded, points = read_marks(course, "hw1").submissions, dict[str, float | None]()
    for student in chance.sample(sorted(recorded), 16):
        add(course, "students", {"student": student, "assignment": "hw1", **chance.choice(TABLES["students"])})
    for verdict in chance.sample(VERDICTS, 3):
        row = {"assignment": "hw1", "exercise": verdict.exercise, "reason": "It was <unclear>."}
        add(course, "exercises", row | chance.choice(TABLES["exercises"]))
    members = [*chance.sample(sorted(recorded), 8), "absent"]
    for group in (members[:2], members[2:6], members[6:]):
        add(course, "groups", {"assignment": "hw1", "members": group})
    rows, copy = read(course, "hw1"), course.root / "copy.db"
    with Gradebook(course.db_url, course.name) as gradebook:
        for grade in gradebook.db.query(Grade):
            grade.manual_score = None
        gradebook.db.commit()
        shutil.copy(course.gradebook, copy)
    with Gradebook(course.db_url, course.name) as gradebook, Gradebook(f"sqlite:///{copy}") as theirs:
        for student, marks in recorded.items():
            asked, rest, missing, group = (
                0.0,
                0.0,
                False,
                next((each for each in rows.groups if student in each), [student]),
            )
            own = [rows.students.get(each, {}) for each in group]
            for exercise, most in ((each.exercise, each.max) for each in VERDICTS):
                by_hand, row = chance.choice([None, None, 0.0, 0.25, 0.33]), rows.exercises.get(exercise, {})
                where = f"{exercise}-test", "hw1", "hw1", student
                chance.choice([gradebook, theirs]).find_grade(*where).manual_score = by_hand
                grade = gradebook.find_grade(*where)
                earned = marks.exercises[exercise].automatic if by_hand is None else by_hand
                grade.extra_credit = earned and chance.choice([None, 0.5])
                missing |= earned is None and not row.keys() & {"full_marks", "dropped"}
                worth, earned = row.get("points", most), (earned or 0) + (grade.extra_credit or 0)
                earned = worth if "full_marks" in row else round(earned * worth / most, 2) * ("dropped" not in row)
                top = exercise.startswith("quiz") or "bonus" in row
                asked, rest = (asked, rest + earned) if top else (asked + earned, rest)
            more = max(50 if "due" in each else each.get("extra_hours", 0) for each in own)
            late = (marks.timestamp or DUE) - DUE - timedelta(hours=more, minutes=15)
            days = 0 if any("late_penalty" in each for each in own) else max(0, math.ceil(late / timedelta(days=1)))
            raw = min(asked, course.entries["hw1"].enough_points or math.inf) + rest
            points[student] = None if missing else raw * (1 - min(0.3, 0.1 * days))
        gradebook.db.commit()
        theirs.db.commit()
    assert merge(course, "hw1", copy) == []
    for group in rows.groups:
        there = [each for each in group if each in recorded and each not in rows.those("withdrawn")]
        latest = [max(there, key=lambda each: recorded[each].timestamp or DUE)] if there else []
        points |= {each: points[owner] for each in group for owner in latest}
    return points


@pytest.mark.parametrize(("seed", "enough"), [*enumerate([None, 3.5, None, 1.25, 4]), (5, None)])
def test_everything_agrees_to_the_cent(seed: int, enough: float | None, course: Course, tmp_path: Path) -> None:
    course = replace(course, entries={"hw1": replace(course.entries["hw1"], enough_points=enough)})
    points, rows = drawn(course, random.Random(seed)), read(course, "hw1")
    files = grades_csv.export(course, "hw1", tmp_path / "a"), canvas.export(course, "hw1", tmp_path / "b")
    ours, theirs = ([*csv.DictReader(file.read_text("utf-8-sig").splitlines())] for file in files)
    scope = results.export(course, "hw1", tmp_path / "c").glob("*/results.json")
    pages = {path.parent.parent.name: path.read_text() for path in feedback(course, "hw1")}
    found = {
        "csv": {row["student_id"]: row["score"] for row in ours},
        "canvas": {row["SIS User ID"]: row["HW 1"] for row in theirs[1:] if row["HW 1"]},
        "page": {student: re.findall(r'score">(Excused|[\d.]+|Not)', page)[0] for student, page in pages.items()},
        "report": {each.student: each.score - each.penalty for each in read_class(course, "hw1").entries},
        "gradescope": {path.parent.name: json.loads(path.read_text())["score"] for path in scope},
    }
    gone, excused = rows.those("withdrawn"), rows.those("excused") - rows.those("withdrawn")
    whole = {student: given for student, given in points.items() if given is not None and student not in gone | excused}
    alone = whole.keys() - {each for group in rows.groups for each in group}
    with Gradebook(course.db_url, course.name) as gradebook:
        shown = [each for each in gradebook.assignment_submissions("hw1") if each.student.id in alone]
        found["formgrader"] = {each.student.id: each.score - each.late_submission_penalty for each in shown}
    for name, values in found.items():
        wanted = {student: whole[student] for student in (alone if name == "formgrader" else whole)}
        assert {student: float(values[student]) for student in wanted} == pytest.approx(wanted, abs=0.006), name
        word = {"csv": "excused", "canvas": "EX", "page": "Excused"}.get(name)
        assert {values.get(student) for student in excused} <= {word}
        assert not gone & values.keys()
        assert name in ("csv", "page", "report") or values.keys() <= whole.keys() | excused


def test_of_a_group_one_hand_in_waits_for_a_person(tmp_path: Path) -> None:
    course = small_course(tmp_path)
    for at, student in enumerate(("ada", "ben", "cem")):
        stamped(course, f"2026-11-20 1{at}:00:00 UTC", student)
    record([ungradable(course, student) for student in ("ada", "ben", "cem")], course)
    add(course, "groups", {"assignment": "hw1", "members": ["ada", "ben"]})
    for waiting in (["ben", "cem"], ["ada", "ben", "cem"]):
        read_marks(course, "hw1")
        with Gradebook(course.db_url, course.name) as gradebook:
            submissions = gradebook.assignment_submissions("hw1")
            assert sorted(each.student.id for each in submissions if each.needs_manual_grade) == waiting
        (course.root / FILE).unlink(missing_ok=True)


@pytest.mark.parametrize("mistake", TABLES["mistakes"], ids=lambda each: each["said"])
def test_a_mistake_is_one_sentence_with_its_row(mistake: dict[str, str], course: Course) -> None:
    with pytest.raises(CourseError, match=f"{re.escape(mistake['said'])}[^\n]*$"):
        all_rows(course, mistake["text"])


def test_the_command_writes_and_lists_and_students_are_told_why(course: Course) -> None:
    written(course.root / FILE, "# by hand\n")
    command(course.root, "except", "hw1", "--student", "s01", "--due", "2026-11-27T23:59")
    said = command(course.root, "except", "--student", "s99", "--extra-hours", "24")
    assert "students 2: student s99, extra_hours 24.0 (has handed in nothing yet)" in said
    command(course.root, "except", "hw1", "--exercise", "double", "--full-marks", "--reason", "A bug.", "--json", "a")
    stale = written(course.feedback / "absent" / "hw1" / "hw1.html", "of a group that is none any more")
    assert feedback(course, "hw1")[0].read_text().count("Full marks for all. A bug.") == 2
    assert not stale.exists()
    assert json.loads((course.root / "a").read_text())["students"][0]["due"] == "2026-11-27T23:59:00+00:00"
    assert (course.root / FILE).read_text().startswith("# by hand\n\n[[students]]\n")
