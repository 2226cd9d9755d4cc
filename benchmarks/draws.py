"""How often does a right answer lose marks to an unlucky draw?

``python -m benchmarks.draws ASSIGNMENT STUDENTS``: the solution's notebook runs, and its functions are judged on the
hidden inputs of many students; prints whoever loses marks, and ends with exit code 1 if anybody does.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.grading.execution import Execution
from autograder.grading.exercises import exercises_of
from autograder.grading.grade import _ask, _generator
from autograder.grading.judge_process import judge_apart
from autograder.judging.verdict import State
from autograder.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
AT_ONCE = 50
"""Students for whom the same process is asked."""


def unlucky(assignment: Assignment, students: int) -> Iterator[str]:
    """What the solution loses, a line for each student and exercise."""
    exercises, points = exercises_of(assignment), dict(assignment.exercises)
    notebook = assignment.solution_notebook()
    setup = assignment.course.sandbox_setup(assignment.name)
    with Sandbox(replace(setup, limits=replace(setup.limits, submission_seconds=3600.0, cpu_seconds=3600))) as sandbox:
        for first in range(0, students, AT_ONCE):
            with Execution(sandbox, notebook, {}, assignment.defines, seed=0) as execution:
                execution.run()
                for student in map(str, range(first, min(first + AT_ONCE, students))):
                    drawn = {each.id: each.draw(_generator(assignment, student, each.id)) for each in exercises}
                    judged = judge_apart(exercises, drawn, _ask(execution, exercises, drawn), points)
                    for name, verdict in judged.items():
                        if verdict.state is not State.CORRECT:
                            yield f"student {student}, {name}: {' '.join(verdict.messages)}"


def main() -> None:
    """Print what is lost, as it is found, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("assignment")
    parser.add_argument("students", type=int)
    arguments = parser.parse_args()
    count = 0
    for line in unlucky(Assignment.load(Course.at(ROOT), arguments.assignment), arguments.students):
        count += 1
        print(line, flush=True)
    print(f"{arguments.assignment}: {count} verdicts of {arguments.students} students are not right")
    sys.exit(count > 0)


if __name__ == "__main__":
    main()
