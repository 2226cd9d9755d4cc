"""One class of 40 through the archives of six platforms: the same ids, attempts and lateness."""

import time
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import babel.dates
import nbformat
import pytest

from autograder.collect import Roster, collect
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.grading.classroom import find_submissions
from tests.places import EXAMPLE, written
from tests.tool.collect.downloads import zipped

DUE = datetime(2026, 11, 20, 15, 59, tzinfo=UTC)
CLASS = {f"b{at:02d}": (f"{first} {last}", DUE + timedelta(minutes=7 * (at - 20))) for at, (first, last) in enumerate(
    (first, last) for last in ("Chen", "Müller", "O'Neill", "de la Cruz", "王") for first in ("Ada", "Bo", "Cy", "Dee", "Eva", "Fay", "Gus", "小明"))}  # fmt: skip
MOODLE = {"en": "EEEE, d MMMM yyyy, h:mm a", "de": "EEEE, d. MMMM yyyy, HH:mm", "zh_TW": "y年 M月 d日(EEEEE) HH:mm"}


PLATFORMS = ("Canvas", *MOODLE, "Blackboard", "Brightspace", "Classroom", "Gradescope")
ZONES = ("UTC", "Asia/Taipei", "America/New_York")


@cache
def hand_ins() -> dict[str, bytes]:
    """What each student has written: one exercise, or both, and the own id."""
    assignment, made = Assignment.load(EXAMPLE, "arrays"), {}
    for at, student in enumerate(CLASS):
        notebook = deepcopy(assignment.release)
        for exercise in ("cosine", "moving_average")[: 1 + at % 2]:
            notebook.cells[assignment.solution_cells[exercise]].source = f"{assignment.solved[exercise]}\n# {student}"
        made[student] = nbformat.writes(notebook).encode()
    return made


def archive(platform: str, zone: str, assignment: Assignment) -> tuple[dict[str, bytes], str]:
    """Files of two attempts each, where the platform has them, and the class list."""
    untouched, files, table = nbformat.writes(assignment.release).encode(), dict[str, bytes](), ""
    rows, worked = ["student_id,name,email,canvas_id,participant,submitted_at"], hand_ins()
    for at, (student, (name, last)) in enumerate(CLASS.items()):
        said = last.isoformat() if platform in ("Canvas", "Classroom") else ""
        for newest, when, data in ((0, last - timedelta(days=2), untouched), (1, last, worked[student])):
            local = when.astimezone(ZoneInfo(zone))
            file = {
                "Canvas": f"x_{at + 100}_{at + 9000 + 100 * newest}_arrays.ipynb",
                "Blackboard": f"arrays_{student}_attempt_{local:%Y-%m-%d-%H-%M-%S}_arrays.ipynb",
                "Brightspace": f"{at + 500}-77 - {name} - {local:%b %d, %Y %I%M %p}/arrays.ipynb",
                "Classroom": f"{name} - arrays{' (1)' * newest}.ipynb",
                "Gradescope": f"export/submission_{at}/arrays.ipynb",
            }.get(platform, f"{name}_{at + 700}_assignsubmission_file_/arrays.ipynb")
            files[file] = data
            if platform in MOODLE:
                said = f'"{babel.dates.format_datetime(local, MOODLE[platform], locale=platform)}"'
        table += f"submission_{at}:\n  :submitters:\n  - :sid: {student}\n  :created_at: {last:%Y-%m-%d %H:%M:%S} Z\n"
        rows.append(f"{student},{name},{student}@x.edu,{at + 100},{at + 700},{said}")
    files |= {"export/submission_metadata.yml": table.encode()} if platform == "Gradescope" else {}
    return files, "\n".join(rows)


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the machine and of the course, each another one."""
    monkeypatch.setenv("TZ", {"UTC": "Asia/Taipei"}.get(request.param, "UTC"))
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.heavy
@pytest.mark.parametrize("platform", PLATFORMS)
def test_it_is_the_same_class(platform: str, zone: str, tmp_path: Path) -> None:
    text = (EXAMPLE.clone_to(tmp_path / "course").root / "course.toml").read_text()
    text = text.replace("[course]", f'[course]\ntimezone = "{zone}"') + f"due = {DUE:%Y-%m-%dT%H:%M:%SZ}\n"
    written(tmp_path / "course" / "course.toml", text)
    course = Course.at(tmp_path / "course")
    files, people = archive(platform, zone, assignment := Assignment.load(course, "arrays"))
    zipped(tmp_path / "c.zip", files)
    collected = collect(tmp_path / "c.zip", assignment, Roster.read(written(tmp_path / "list.csv", people)))
    found = {each.student: each.path and each.path.read_bytes() for each in find_submissions(course, "arrays")}
    assert found == hand_ins()
    assert {row.student: (row.attempt.when, row.late) for row in collected.rows} == {
        student: (when.replace(tzinfo=None), when > DUE) for student, (_, when) in CLASS.items()
    }
    assert not collected.nobody
    assert not collected.refused
