"""Archives and class lists as they really come: cases.toml says for each what is right."""

from contextlib import nullcontext
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.collect import Policy, Roster
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from tests.places import table, written
from tests.tool.collect.downloads import ROSTER, notebook, run, submitted, zipped

CASES: dict[str, Any] = table("tool/collect/cases.toml")


def contents(value: Any, assignment: Assignment) -> bytes:
    """A table is a zip, a bare word an answer in a notebook, ``release`` the untouched one, the rest bytes as they are."""
    if isinstance(value, dict):
        return zipped(None, {name: contents(each, assignment) for name, each in value.items()})
    if value == "release":
        return nbformat.writes(assignment.release).encode()
    return value[1:].encode() if value.startswith("=") else notebook(assignment, value)


@pytest.mark.parametrize("name", CASES)
def test_what_is_made_of_it(name: str, course: Course, tmp_path: Path) -> None:
    case = CASES[name]
    text = (course.root / "course.toml").read_text()
    text = text.replace('title = "HW 1"', f'title = "HW 1"\ndue = {case["due"]}') if "due" in case else text
    text = text.replace("[course]", f'[course]\ntimezone = "{case["zone"]}"') if "zone" in case else text
    text += f"\n[late]\ngrace_minutes = {case['grace']}\n" if "grace" in case else ""
    (course.root / "course.toml").write_text(text)
    assignment = Assignment.load(Course.at(course.root), "hw1")
    code = case.get("encoding", "utf-8")
    lists = [written(tmp_path / str(at), each.encode(code)) for at, each in enumerate(case.get("lists", []))]
    lists = [written(tmp_path / "roster.csv", ROSTER.encode())] if case.get("roster") else lists
    archives = [case[key] for key in ("before", "files") if key in case]
    refused = pytest.raises(ValueError, match=case["error"]) if "error" in case else nullcontext()
    with refused:
        for at, files in enumerate(archives):
            zipped(tmp_path / f"{at}.zip", {path: contents(each, assignment) for path, each in files.items()})
            roster = Roster.read(*lists) if lists and not (at and case.get("list_left_out")) else None
            collected = run(tmp_path / f"{at}.zip", assignment, roster, policy=Policy(case.get("policy", "latest")))
    if "error" in case:
        return
    rows = {row.student: row for row in collected.rows}
    assert submitted(course) == {student: contents(each, assignment) for student, each in case["is"].items()}
    assert [student for student, row in rows.items() if row.late] == case.get("late", [])
    assert {student: row.older for student, row in rows.items() if row.older} == case.get("older", {})
    assert [each.id for each in collected.absent] == case.get("absent", [each.id for each in collected.absent])
    for key, entries in (("nobody", collected.nobody), ("refused", collected.refused)):
        words = case.get(key, [])
        assert len(entries) == len(words)
        assert all(any(word in f"{each.name} {each.reason}" for each in entries) for word in words)
    for student, word in case.get("notes", {}).items():
        assert word in rows[student].note
    for student, when in case.get("when", {}).items():
        assert f"{rows[student].attempt.when}" == when
    assert "kind" not in case or {row.attempt.kind.value for row in collected.rows} == {case["kind"]}
