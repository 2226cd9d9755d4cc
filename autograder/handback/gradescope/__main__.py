"""Inside Gradescope's container: grade submission/ and write results/results.json."""

import json
import sys
from pathlib import Path

from autograder.collect.archive import is_junk
from autograder.collect.attempt import worked_on
from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.files import write_atomically
from autograder.grading.classroom import Submission, grade_all
from autograder.grading.result import Result
from autograder.handback.gradescope.results import Json, as_json, of_result
from autograder.render.sanitise import visible
from autograder.sandbox import SandboxUnavailable


def main(name: str, home: Path, confined: bool) -> None:
    """Grade the submission below Gradescope's folder ``home``."""
    assignment = Assignment.load(Course.at(Path.cwd()), name)
    results = shown(_grade(assignment, home, confined))
    write_atomically(home / "results" / "results.json", as_json(results))


def _grade(assignment: Assignment, home: Path, confined: bool) -> Result:
    path = choose(assignment, home / "submission")
    (result,) = grade_all(assignment, [Submission(_student(home), path)], 1, confined)
    return result


def shown(result: Result) -> Json:
    """What Gradescope shows; where nothing can be graded, the reason, so that the student can hand in again."""
    if result.problem:
        said = visible(f"This could not be graded. {result.problem}")
        return {"score": 0.0, "output": said, "output_format": "text", "tests": []}
    return of_result(result)


def choose(assignment: Assignment, folder: Path) -> Path | None:
    """The submitted file in which most exercises were worked on; None where there is no file."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink()]
    files = [path for path in files if not is_junk(path.relative_to(folder).parts)]
    return max(
        files,
        key=lambda path: (worked_on(path, path.name, assignment), path.name == f"{assignment.name}.ipynb"),
        default=None,
    )


def _student(home: Path) -> str:
    """The student's id, for which hidden inputs are drawn: the e-mail address in Gradescope's metadata."""
    try:
        users = json.loads((home / "submission_metadata.json").read_text(encoding="utf-8"))["users"]
        return str(users[0]["email"])
    except (OSError, ValueError, LookupError, TypeError):
        return "unknown"


if __name__ == "__main__":
    try:
        main(sys.argv[1], Path(sys.argv[2]), sys.argv[3] != "none")
    except SandboxUnavailable as error:
        # No results.json: Gradescope tells the student to ask the course's staff, who read this.
        sys.exit(f"Nothing was graded: {error}")
