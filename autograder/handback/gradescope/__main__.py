"""Inside Gradescope's container: grade submission/ and write results/results.json."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder.collect.attempt import UNREADABLE, holds
from autograder.collect.names import is_junk
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.files import write_atomically
from autograder.gradebook.deadline import quiz_is_open
from autograder.grading.classroom import Submission, grade_all
from autograder.grading.result import Result
from autograder.handback.gradescope.results import Json, as_json, of_result
from autograder.render.sanitise import visible
from autograder.sandbox import SandboxUnavailable


def main(name: str, home: Path) -> None:
    """Grade the submission below Gradescope's folder ``home``."""
    assignment, about = Assignment.load(Course.at(Path.cwd()), name), _metadata(home)
    quiz_open = quiz_is_open(assignment.course, name, dues=_dues(about))
    results = shown(_grade(assignment, home, _student(about)), quiz_open=quiz_open)
    write_atomically(home / "results" / "results.json", as_json(results))


def _grade(assignment: Assignment, home: Path, student: str) -> Result:
    (result,) = grade_all(assignment, [Submission(student, choose(assignment, home / "submission"))], 1)
    return result


def shown(result: Result, *, quiz_open: bool) -> Json:
    """What Gradescope shows; where nothing can be graded, the reason, so that the student can hand in again."""
    if result.problem:
        said = visible(f"This could not be graded. {result.problem}")
        return {"score": 0.0, "output": said, "output_format": "text", "tests": []}
    return of_result(result, quiz_open=quiz_open)


def choose(assignment: Assignment, folder: Path) -> Path | None:
    """The submitted file in which most exercises were worked on, or that cannot be read; None where there is no file."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    files = [path for path in files if not is_junk(path.relative_to(folder).parts)]
    own = f"{assignment.name}.ipynb"

    def rank(path: Path) -> tuple[bool, bool, int, bool]:  # before the notebook as it was released goes a damaged one
        worked, whose = holds(path, path.name, assignment)
        return worked > 0, whose == UNREADABLE, worked, path.name == own

    return max(files, key=rank, default=None)


def _metadata(home: Path) -> Any:
    """What Gradescope says of the submission; nothing where it cannot be read."""
    try:
        return json.loads((home / "submission_metadata.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _student(metadata: Any) -> str:
    """The student's id, for which hidden inputs are drawn: the e-mail address in Gradescope's metadata."""
    try:
        return str(metadata["users"][0]["email"])
    except (LookupError, TypeError):
        return "unknown"


def _dues(metadata: Any) -> list[datetime]:
    """Gradescope's deadlines for late hand-ins and for this group's extensions; others' are said to no container."""
    try:
        abouts = [metadata["assignment"], *(user.get("assignment") or {} for user in metadata["users"])]
        times = [about.get(key) for about in abouts for key in ("due_date", "late_due_date")]
        return [datetime.fromisoformat(time).astimezone(UTC) for time in times if time]
    except (AttributeError, LookupError, TypeError, ValueError):
        return []


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]))
    except SandboxUnavailable as error:
        # No results.json: Gradescope tells the student to ask the course's staff, who read this.
        sys.exit(f"Nothing was graded: {error}")
