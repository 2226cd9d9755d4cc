"""One class of 40 through six platforms' archives, in three zones, and graded: ``python -m benchmarks.platforms``."""

import tempfile
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.gradebook.generate import register
from autograder.gradebook.marks import read_marks
from autograder.gradebook.record import record
from autograder.grading.classroom import find_submissions
from autograder.grading.grade import grade_submission
from autograder.grading.result import Result
from autograder.sandbox import Sandbox
from tests.places import EXAMPLE
from tests.tool.collect.test_class_of_40 import CLASS, DUE, PLATFORMS, ZONES, taken_in


def main() -> None:
    """Print of how many students lateness is what it should be, and points are those of the first source, Canvas."""
    assignment, known, first = Assignment.load(EXAMPLE, "arrays"), dict[tuple[str, bytes], Result](), dict[str, float]()
    print("| source | zone | students | lateness right | points equal |\n|---|---|---|---|---|")
    with Sandbox(EXAMPLE.sandbox_setup("arrays")) as sandbox:
        for platform, zone in ((platform, zone) for platform in PLATFORMS for zone in ZONES):
            with tempfile.TemporaryDirectory() as folder:
                course, collected = taken_in(platform, zone, Path(folder))
                there = [each for each in find_submissions(course, "arrays") if each.path]
                found = {(each.student, each.path.read_bytes()) for each in there}
                new = found - known.keys()
                known |= {(who, data): grade_submission(data, assignment, who, sandbox) for who, data in new}
                register(course, "arrays")
                record((known[each] for each in found), course)
                points = {who: marks.score for who, marks in read_marks(course, "arrays").submissions.items()}
            first = first or points
            late = sum(row.late == (CLASS[row.student][1] > DUE) for row in collected.rows)
            equal = sum(first[who] == points.get(who) for who in first)
            print(f"| {platform} | {zone} | {len(found)} | {late} | {equal} |", flush=True)
    print(f"\nPoints range from {min(first.values())} to {max(first.values())}.")


if __name__ == "__main__":
    main()
