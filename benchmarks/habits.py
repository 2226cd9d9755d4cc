"""Grade right solutions with harmless habits in them, of all assignments in turn: ``python -m benchmarks.habits 500 [FIRST]``."""

import random
import sys

from autograder.course.assignment import Assignment
from autograder.grading.grade import grade_submission
from autograder.sandbox import Sandbox
from tests.places import COURSE
from tests.tool.habits import draw


def main(count: int, first: int = 0) -> None:
    """Print every notebook that lost points, and how many did not."""
    full = 0
    for at, name in enumerate(COURSE.assignments):
        assignment = Assignment.load(COURSE, name)
        with Sandbox(COURSE.sandbox_setup(name)) as sandbox:
            for seed in range(first + (at - first) % len(COURSE.assignments), count, len(COURSE.assignments)):
                habits, filename, data = draw(assignment, random.Random(seed))
                result = grade_submission(data, assignment, f"student-{seed}", sandbox, filename)
                full += result.score == result.max
                lost = [(each.exercise, each.messages) for each in result.verdicts if each.score < each.max]
                if lost:
                    print(seed, name, habits, result.score, result.problem, lost[:2], flush=True)
    print(f"{full} of {count - first} right solutions have full marks")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
