"""What closing student code off costs per submission: ``python -m benchmarks.isolation [ROUNDS]``.

The same honest hw14 is graded behind each wall that this machine has and behind none, in turns, by warm sandboxes; the
medians are printed. Behind none means a forked process with the instructor's own rights.
"""

import os
import statistics
import sys
import time

from autograder.course.assignment import Assignment
from autograder.demo import mangle
from autograder.demo.roster import with_sources
from autograder.grading.grade import grade_submission
from autograder.sandbox import Sandbox, Wall
from autograder.sandbox.wall import FORCED
from tests.places import COURSE
from tests.tool.sandboxes import setup


def main(rounds: int) -> None:
    """Print start-up, an empty session, and a whole submission, behind each wall."""
    assignment = Assignment.load(COURSE, "hw14")
    data = mangle.plain(with_sources(assignment, {}))
    sandboxes: list[Sandbox] = []
    starts, sessions, submissions = ([list[float]() for _ in Wall] for _ in range(3))
    for number, wall in enumerate(Wall):
        os.environ[FORCED] = Wall.LANDLOCK if wall is Wall.NONE else wall
        begin = time.perf_counter()
        sandboxes.append(Sandbox(setup("hw14"), confined=wall is not Wall.NONE, private=[assignment.course.root]))
        starts[number].append(time.perf_counter() - begin)
    for _ in range(rounds):
        for number, sandbox in enumerate(sandboxes):
            begin = time.perf_counter()
            with sandbox.open() as session:
                session.run("1")
            sessions[number].append(time.perf_counter() - begin)
            begin = time.perf_counter()
            graded = grade_submission(data, assignment, "ada", sandbox)
            submissions[number].append(time.perf_counter() - begin)
            if graded.score != graded.max:
                raise SystemExit(f"full marks are {graded.score} of {graded.max} behind {sandbox.wall}")
    for sandbox in sandboxes:
        sandbox.close()
    print(f"| s | {' | '.join(Wall)} |\n|---|---|---|---|")
    for name, seconds in (("start of a worker", starts), ("empty session", sessions), ("whole hw14", submissions)):
        print(f"| {name} | {' | '.join(f'{statistics.median(each):.3f}' for each in seconds)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
