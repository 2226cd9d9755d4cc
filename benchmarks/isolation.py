"""What one submission costs, stage by stage, and what closing it off adds: ``python -m benchmarks.isolation [ROUNDS]``.

The same honest hw14 is graded behind each wall that this machine has and behind none, in turns, by warm sandboxes; the
medians are printed. Behind none means a forked process with the instructor's own rights.
"""

import os
import resource
import statistics
import sys
import time
from collections import defaultdict
from itertools import pairwise

from autograder.course.assignment import Assignment
from autograder.demo import mangle
from autograder.demo.roster import with_sources
from autograder.grading.execution import Execution
from autograder.grading.exercises import exercises_of
from autograder.grading.grade import generator, grade_submission
from autograder.ingest import ingest
from autograder.sandbox import Sandbox, Use, Wall
from autograder.sandbox.wall import FORCED
from tests.places import COURSE
from tests.tool.sandboxes import setup

STAGES = ("empty session", "cells", "calls with public inputs", "calls with hidden inputs")
"""What happens in the sandbox, each with all before it."""


def inside(assignment: Assignment, sandbox: Sandbox, data: bytes, stage: int) -> tuple[float, float]:
    """Milliseconds of processor time and page faults in the sandbox up to a stage."""
    exercises, notebook = exercises_of(assignment), ingest(data, assignment).notebook
    if stage == 0:
        notebook.cells.clear()
    with Execution(sandbox, notebook, {}, {}, seed=0) as execution:
        execution.run()
        for student in ("anybody", "ada")[: max(stage - 1, 0)]:  # as in grading, the second in the fork of the first
            drawn = [(each, each.draw(generator(assignment, student, each.id))) for each in exercises]
            calls = [(each.id, each.sent(case.inputs)) for each, cases in drawn for case in cases]
            use = Use.WAIT if stage == 3 and student == "anybody" else Use.RESUME
            execution.probe(calls, sandbox.limits.submission_seconds, use=use)
    return 1000 * execution.report["cpu_seconds"], execution.report["faults"]


def outside(who: int) -> tuple[float, float]:
    """The same of this process, or of the judges that it has waited for, so far."""
    usage = resource.getrusage(who)
    return 1000 * (usage.ru_utime + usage.ru_stime), usage.ru_minflt


def main(rounds: int) -> None:
    """Print start-up, and of a submission the time on the clock, then the processor's and page faults of each stage."""
    assignment = Assignment.load(COURSE, "hw14")
    data = mangle.plain(with_sources(assignment, {}))
    sandboxes: list[Sandbox] = []
    found: dict[str, list[list[float]]] = defaultdict(lambda: [[] for _ in Wall])
    for number, wall in enumerate(Wall):
        os.environ[FORCED] = Wall.LANDLOCK if wall is Wall.NONE else wall
        begin = time.perf_counter()
        sandboxes.append(Sandbox(setup("hw14"), confined=wall is not Wall.NONE, private=[assignment.course.root]))
        found["start of a worker, s"][number].append(time.perf_counter() - begin)
    for _ in range(rounds):
        for number, sandbox in enumerate(sandboxes):
            ends = [(0.0, 0.0), *(inside(assignment, sandbox, data, stage) for stage in range(len(STAGES)))]
            whose = {"grader": resource.RUSAGE_SELF, "judges": resource.RUSAGE_CHILDREN}
            begin, before = time.perf_counter(), [outside(who) for who in whose.values()]
            graded = grade_submission(data, assignment, "ada", sandbox)
            found["submission, s"][number].append(time.perf_counter() - begin)
            spans = [*pairwise(ends), *zip(before, map(outside, whose.values()), strict=True)]
            for name, (start, end) in zip((*STAGES, *whose), spans, strict=True):
                for at, unit in enumerate((", ms", ", page faults")):
                    found[name + unit][number].append(end[at] - start[at])
            if graded.score != graded.max:
                raise SystemExit(f"full marks are {graded.score} of {graded.max} behind {sandbox.wall}")
    for sandbox in sandboxes:
        sandbox.close()
    print(f"| | {' | '.join(Wall)} |\n|---|---|---|---|")
    for name, columns in found.items():
        print(f"| {name} | {' | '.join(f'{statistics.median(each):.4g}' for each in columns)} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
