"""What tests of collecting share: a roster, archives, what lies where afterwards."""

import copy
import io
import zipfile
from pathlib import Path
from typing import Any

import nbformat

from autograder.collect import Collected, Policy, Roster, collect
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.grading.classroom import find_submissions
from tests.places import described, table

TABLES: dict[str, Any] = table("tool/collect/tables.toml")
ROSTER = """student_id,name,email,canvas_id
b01,"Lovelace, Ada",ada@example.edu,101
b02,"Curie, Marie",marie@example.edu,102
b03,王 小明,ming@example.edu,103
b04,"Hopper, Grace",grace@example.edu,104
"""


def notebook(assignment: Assignment, answer: str = "2 * x") -> bytes:
    """The release with its first exercise answered; each answer makes another file."""
    made = copy.deepcopy(assignment.release)
    made.cells[assignment.solution_cells["double"]].source = f"# exercise: double\ndef double(x):\n    return {answer}"
    data: bytes = nbformat.writes(made).encode()
    return data


def zipped(path: Path | None, members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    if path:
        path.write_bytes(file.getvalue())
    return file.getvalue()


def submitted(course: Course) -> dict[str, bytes]:
    """What is there to be graded: student → bytes."""
    return {each.student: each.path.read_bytes() for each in find_submissions(course, "hw1") if each.path}


def everything(folder: Path) -> dict[str, tuple[bytes, float]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(source: Path, assignment: Assignment, roster: Roster | None = None, **kw: Policy) -> Collected:
    """Collect twice: the second time must change nothing."""
    collected = collect(source, assignment, roster, **kw)
    before = everything(assignment.course.root)
    again = collect(source, assignment, roster, **kw)
    assert everything(assignment.course.root) == before
    assert not any(row.changed for row in again.rows)
    first, second = ([(row.student, row.attempt, row.older) for row in each.rows] for each in (collected, again))
    assert first == second
    return collected


def with_due(course: Course, late: str = "") -> Course:
    return described(
        described(course, "[course]", f"{late}[course]"),
        'title = "HW 1"',
        'title = "HW 1"\ndue = 2026-11-20T23:59:00+08:00',
    )
