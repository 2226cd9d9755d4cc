"""What has changed since an earlier grading, by student and exercise, and why; each grading keeps the marks at its end."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from autograder.course.course import Course, CourseError
from autograder.files import write_atomically
from autograder.gradebook.marks import ClassMarks, graded_copy, read_marks
from autograder.grading.fingerprint import HALF
from autograder.grading.result import QUIZ
from autograder.handback.grades_csv import Row, grade_rows

WHOLE = ("lateness", "total")
"""What depends on every exercise, and on due dates."""
State = dict[str, Any]


def keep(course: Course, name: str) -> None:
    """Keep the marks of an assignment as they are now, if there are any; raises as ``changes``."""
    if now := _state(course, read_marks(course, name)):
        path = course.gradings / name / f"{datetime.now(UTC):%Y-%m-%d %H-%M-%S.%f}.json"
        write_atomically(path, json.dumps(now, ensure_ascii=False).encode())


def changes(course: Course, name: str) -> tuple[str, list[Row]]:
    """When the last grading ended after which any mark was another than now (UTC), and what has changed since.

    Each row has ``student``, ``exercise`` (or ``quiz``, ``lateness``, ``total``), ``before``, ``after`` and ``cause``.

    Raises:
        CourseError: no marks are kept.
        UnknownAssignment: the gradebook does not know the assignment.
    """
    now = _state(course, read_marks(course, name))
    kept = sorted((course.gradings / name).glob("*.json"), reverse=True)
    for path in kept:
        found = list(_between(json.loads(path.read_bytes()), now))
        if found or path == kept[-1]:
            return path.stem, found
    raise CourseError(f"No grading of {name} has kept its marks yet: there is nothing to compare with.")


def messages(course: Course, name: str, found: Sequence[Row], folder: Path) -> None:
    """Write STUDENT.txt into a folder for each who is concerned, and for nobody else."""
    for student, rows in groupby(found, lambda row: row["student"]):
        lines = ["- {exercise}: {before} → {after} ({cause})".format(**row) for row in rows]
        text = "\n".join([f"Your marks in “{course.entry(name).title}” have changed:", "", *lines, ""])
        write_atomically(folder / f"{student}.txt", text.encode())


def _state(course: Course, marks: ClassMarks) -> State:
    """By student the marks, and for each cause what it is about, as JSON values: where that is another, the cause holds."""
    found = State()
    for row in grade_rows(marks):
        student = str(row["student_id"])
        if own := marks.submissions.get(student):
            owner = own.owner or student
            about = graded_copy(course, owner, marks.assignment).get("metadata", {}).get("autograder", {})
            fingerprint = str(about.get("fingerprint"))
            asked = {each: mark for each, mark in own.exercises.items() if not each.startswith(QUIZ)}
            scores: Row = {each: round(mark.score, 4) for each, mark in asked.items()}
            scores |= {"quiz": row["quiz"]} if "quiz" in row else {}
            total = row["score"] if own.complete or student in marks.excused else "waits for a person"
            found[student] = {
                "marks": {**scores, "lateness": 0.0 - round(own.penalty, 4), "total": total},
                "automatic": {each: mark.automatic for each, mark in own.exercises.items()},
                "new submission": fingerprint[HALF:],
                "judge changed": fingerprint[:HALF],
                "points changed": {**marks.points, **({} if marks.enough is None else {"enough": marks.enough})},
                "by hand": {each: mark.manual for each, mark in own.exercises.items()},
                "exception": {"": [owner, student in marks.excused], **marks.notes},
            }
    return found


def _between(before: State, now: State) -> Iterator[Row]:
    """What is another than before; of one who had nothing the total alone; nothing of one who has left the course."""
    for student, new in sorted(now.items()):
        old = before.get(student)
        points = [each["points changed"] for each in (old or new, new)]
        worth = [{**each, "total": sum(each.values())} for each in points]
        for exercise, mark in new["marks"].items():
            earlier = old["marks"].get(exercise, "nothing") if old else "nothing"
            if mark != earlier and (old or exercise == "total"):
                cause = _cause(old, new, exercise) if old else "new submission"
                most = [each.get(exercise) for each in worth]
                if most[0] != most[1]:  # 8 → 6 alone may be 8 of 13 → 6 of 9
                    pairs = zip((earlier, mark), most, strict=True)
                    earlier, mark = (each if isinstance(each, str) else f"{each:g} of {of:g}" for each, of in pairs)
                yield {"student": student, "exercise": exercise, "before": earlier, "after": mark, "cause": cause}


def _cause(old: State, new: State, exercise: str) -> str:
    def about(kept: State, cause: str) -> Any:
        parts = kept[cause]
        whole = exercise in WHOLE or isinstance(parts, str)
        of = ("", exercise, *(key for key in parts if key.startswith(f"{exercise}-")))  # the quiz's questions
        return parts if whole else [parts.get(key) for key in of]

    found = [cause for cause in new if cause not in ("marks", "automatic") and about(old, cause) != about(new, cause)]
    implied = {"judge changed"} if "points changed" in found else set()  # whose sources say the points, too
    implied |= {"points changed"} if "exception" in found else set()
    if "automatic" in old and about(old, "automatic") == about(new, "automatic"):
        implied |= {"new submission", "judge changed"}  # which have changed no points
    rest = "due date or extension" if exercise in WHOLE else "by hand"  # such as extra credit
    told = {"exception": f"exception: {new['exception'].get(exercise, '')}".removesuffix(": ")}
    return ", ".join(told.get(cause, cause) for cause in found if cause not in implied) or rest
