"""One class of 40 through the archives of six platforms: the same ids, attempts and lateness."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import babel.dates
import nbformat
import pytest

from autograder.collect import Roster, collect
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from tests.places import written
from tests.tool.collect.downloads import notebook, submitted, zipped

DUE = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)
CLASS = {f"b{at:02d}": (f"{first} {last}", DUE + timedelta(minutes=7 * (at - 20))) for at, (first, last) in enumerate(
    (first, last) for last in ("Chen", "Müller", "O'Neill", "de la Cruz", "王") for first in ("Ada", "Bo", "Cy", "Dee", "Eva", "Fay", "Gus", "小明"))}  # fmt: skip
MOODLE = {"en": "EEEE, d MMMM yyyy, h:mm a", "de": "EEEE, d. MMMM yyyy, HH:mm", "zh_TW": "y年 M月 d日(EEEEE) HH:mm"}


def archive(platform: str, zone: str, assignment: Assignment) -> tuple[dict[str, bytes], str, str]:
    """Files of two attempts each, where the platform has them, the class list, and what the metadata of the archive say."""
    files: dict[str, bytes] = {}
    rows, table = ["student_id,name,email,canvas_id,participant,submitted_at"], ""
    for at, (student, (name, last)) in enumerate(CLASS.items()):
        said = last.isoformat() if platform in ("Canvas", "Classroom") else ""
        for when, answer in ((last - timedelta(days=2), "release"), (last, student)):
            data = nbformat.writes(assignment.release).encode() if answer == "release" else notebook(assignment, answer)
            local = when.astimezone(ZoneInfo(zone))
            file = {
                "Canvas": f"x_{at + 100}_{at + 9000 + 100 * (answer == student)}_hw1.ipynb",
                "Blackboard": f"hw1_{student}_attempt_{local:%Y-%m-%d-%H-%M-%S}_hw1.ipynb",
                "Brightspace": f"{at + 500}-77 - {name} - {local:%b %d, %Y %I%M %p}/hw1.ipynb",
                "Classroom": f"{name} - hw1{' (1)' * (answer == student)}.ipynb",
                "Gradescope": f"export/submission_{at}/hw1.ipynb",
            }.get(platform, f"{name}_{at + 700}_assignsubmission_file_/hw1.ipynb")
            files[file] = data
            if platform in MOODLE:
                said = f'"{babel.dates.format_datetime(local, MOODLE[platform], locale=platform)}"'
        table += f"submission_{at}:\n  :submitters:\n  - :sid: {student}\n  :created_at: {last:%Y-%m-%d %H:%M:%S} Z\n"
        rows.append(f"{student},{name},{student}@x.edu,{at + 100},{at + 700},{said}")
    return files, "\n".join(rows), table


@pytest.fixture(params=["UTC", "Asia/Taipei", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the machine and of the course, each another one."""
    monkeypatch.setenv("TZ", {"UTC": "Asia/Taipei"}.get(request.param, "UTC"))
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("platform", ["Canvas", *MOODLE, "Blackboard", "Brightspace", "Classroom", "Gradescope"])
def test_it_is_the_same_class(platform: str, zone: str, course: Course, tmp_path: Path) -> None:
    text = (course.root / "course.toml").read_text().replace("[course]", f'[course]\ntimezone = "{zone}"')
    text = text.replace("[assignments.hw1]", f"[assignments.hw1]\ndue = {DUE:%Y-%m-%dT%H:%M:%SZ}")
    (course.root / "course.toml").write_text(text)
    assignment = Assignment.load(Course.at(course.root), "hw1")
    files, listed, table = archive(platform, zone, assignment)
    about = {"export/submission_metadata.yml": table.encode()} if platform == "Gradescope" else {}
    zipped(tmp_path / "c.zip", files | about)
    collected = collect(tmp_path / "c.zip", assignment, Roster.read(written(tmp_path / "list.csv", listed.encode())))
    assert submitted(course) == {student: notebook(assignment, student) for student in CLASS}
    assert {row.student: (row.attempt.when, row.late) for row in collected.rows} == {
        student: (when.replace(tzinfo=None), when > DUE) for student, (_, when) in CLASS.items()
    }
    assert not collected.nobody
    assert not collected.refused
