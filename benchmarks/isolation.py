"""What closing student code off costs per submission: ``python -m benchmarks.isolation [ROUNDS]``.

The same honest hw14 is graded with and without isolation, in turns, by warm sandboxes; the medians are printed. Without
isolation means a forked process with the instructor's own rights: no namespaces, mounts, limits or filter.
"""

import statistics
import sys
import time
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.demo import mangle
from autograder.demo.roster import with_sources
from autograder.grading.grade import grade_submission
from autograder.sandbox import Sandbox
from tests.tool.sandboxes import setup


def main(rounds: int) -> None:
    """Print start-up, an empty session, and a whole submission, isolated and not."""
    assignment = Assignment.load(Course.at(Path(__file__).resolve().parents[1]), "hw14")
    data = mangle.plain(with_sources(assignment, {}))
    sandboxes, starts = {}, {}
    for confined in (True, False):
        begin = time.perf_counter()
        sandboxes[confined] = Sandbox(setup("hw14"), confined=confined, private=[assignment.course.root])
        starts[confined] = time.perf_counter() - begin
    sessions: dict[bool, list[float]] = {True: [], False: []}
    submissions: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(rounds):
        for confined, sandbox in sandboxes.items():
            begin = time.perf_counter()
            with sandbox.open() as session:
                session.run("1")
            sessions[confined].append(time.perf_counter() - begin)
            begin = time.perf_counter()
            graded = grade_submission(data, assignment, "ada", sandbox)
            submissions[confined].append(time.perf_counter() - begin)
            if graded.score != graded.max:
                raise SystemExit(f"full marks are {graded.score} of {graded.max} with confined={confined}")
    for sandbox in sandboxes.values():
        sandbox.close()
    print("| s | isolated | not isolated | cost |\n|---|---|---|---|")
    _row("start of a worker", starts[True], starts[False])
    _row("empty session", statistics.median(sessions[True]), statistics.median(sessions[False]))
    _row("whole hw14 submission", statistics.median(submissions[True]), statistics.median(submissions[False]))


def _row(name: str, isolated: float, free: float) -> None:
    print(f"| {name} | {isolated:.3f} | {free:.3f} | {isolated - free:+.3f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
