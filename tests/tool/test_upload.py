"""Pages go back to whom they are about, read by the rules of Canvas's and Moodle's own importers."""

import shutil
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from autograder.collect import Roster, collect
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.gradebook.record import record
from autograder.handback.feedback import feedback
from autograder.handback.upload import Platform, upload
from tests.places import described, table, written
from tests.processes import command
from tests.tool.collect.downloads import notebook, zipped
from tests.tool.graded_examples import graded

pytestmark = pytest.mark.heavy

TABLES = table("tool/upload.toml")


def canvas(name: str, files: Mapping[str, str]) -> str:
    """Whose comment a file becomes: the words of its name say student and file."""
    words = [word for word in name.split("_") if word != "LATE"]
    user, file = words[1:3] if words[0] == "anon" else [word for word in words if word.isdigit()][:2]
    return user if not words[-1].startswith("link") and files.get(file) == user else ""


def moodle(name: str, numbers: Mapping[str, str], since_4_1: bool = True) -> str:
    """Whose feedback a file becomes: by the first part of its path that fits; before 4.1 by the path, of five words."""
    parts = [part.split("_", 4) for part in (name.split("/") if since_4_1 else [f"/import/{name}"])]
    return next(part[1] for part in parts if len(part) >= 5 - since_4_1 and part[1] in numbers and part[3] == "file")


@pytest.mark.parametrize(
    ("case", "whose"),
    [("canvas", canvas), ("anonymous", canvas), ("moodle", moodle), ("moodle", partial(moodle, since_4_1=False))],
)
def test_each_page_goes_to_its_student_and_who_has_no_name_is_listed(
    case: str, whose: Callable[..., str], course: Course
) -> None:
    assignment, about = Assignment.load(course, "hw1"), TABLES[case]
    forged = zipped(None, {TABLES[each]["names"][0]: notebook(assignment, "1") for each in ("canvas", "moodle")})
    works = {name: notebook(assignment, f"{at} + x") for at, name in enumerate(about["names"])}
    files = {name: forged if name.endswith(".zip") else data for name, data in works.items()}
    zipped(course.root / "download_1_2_x.zip", files)
    people = None if case == "anonymous" else Roster.read(written(course.root / "class.csv", TABLES["class"]))
    collect(course.root / "download_1_2_x.zip", assignment, people)
    written(course.submitted / "b09" / "hw1" / "hw1.ipynb", notebook(assignment))
    record([graded(course, path.parent.name) for path in course.submitted.glob("*/hw1")], course)
    path, left = upload(course, "hw1", feedback(course, "hw1"), Platform(about["platform"]), course.root)
    with zipfile.ZipFile(path) as archive:
        pages = {name: archive.read(name).decode().split("<title>hw1 · ")[1].split()[0] for name in archive.namelist()}
    assert {student: whose(name, about["known"]) for name, student in pages.items()} == about["pages"]
    assert left == about["left"]


def test_the_command_says_where_the_pages_are_and_whose_are_missing(course: Course) -> None:
    written(course.collected / "hw1" / "class.csv", "student_id,name,participant\nada,A/../../b,1\nbob,B,2\n")
    record([graded(course), graded(course, "bob"), graded(course, "eve")], course)
    said = command(course.root, "feedback", "hw1", "--for", "moodle")
    assert "2 pages together: hw1-feedback-moodle.zip" in said
    with zipfile.ZipFile(course.root / "hw1-feedback-moodle.zip") as archive:
        assert all(name.count("/") == 1 and ".." not in name for name in archive.namelist())
    assert "of 1: eve. Their pages are in feedback/ alone" in said
    refused = " ".join(command(course.root, "feedback", "hw1", "--for", "canvas", status=1).split())
    assert "Canvas has given none of these 3 students a name: collect its download of hw1 first" in refused
    assert not (course.root / "hw1-feedback-canvas.zip").exists()
    command(course.root, "feedback", "hw1", "--for", "folder")
    assert sorted(path.name for path in course.root.glob("hw1-feedback/*")) == ["ada.html", "bob.html", "eve.html"]


def test_students_fetch_their_pages_from_nbgraders_exchange(course: Course, tmp_path: Path) -> None:
    course = described(course, "[course]", '[assignments.hw2]\nunit = "u"\ntitle = "HW 2"\n\n[course]')
    root, student = tmp_path / "exchange", tmp_path / "ada"
    where = ["hw1", f"--Exchange.root={root}"]
    root.mkdir(mode=0o777)
    root.chmod(0o777)
    student.mkdir()
    command(course.root, "release_assignment", *where, module="nbgrader")
    where += ["--course=small", "--student=ada", f"--Exchange.cache={tmp_path / 'cache'}"]
    for step in ("fetch_assignment", "submit"):
        command(student, step, *where, module="nbgrader")
    inbound = root / "small" / "inbound"
    shutil.copytree(next(inbound.glob("ada+*")), inbound / "bob+hw2+2026-11-20 10:00:00.000000 UTC")
    found = collect(inbound, Assignment.load(course, "hw1"))
    assert ([row.student for row in found.rows], found.nobody) == (["ada"], ())
    record([graded(course)], course)
    assert "1 pages together: hw1-feedback-exchange" in command(course.root, "feedback", "hw1", "--for", "exchange")
    shutil.copytree(course.root / "hw1-feedback-exchange", root / "small" / "feedback", dirs_exist_ok=True)
    command(student, "fetch_feedback", *where, module="nbgrader")
    (page,) = student.glob("hw1/feedback/*/hw1.html")
    assert page.read_bytes() == (course.feedback / "ada" / "hw1" / "hw1.html").read_bytes()
