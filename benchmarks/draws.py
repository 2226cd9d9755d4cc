"""Which answers get other marks with other draws, and how often does a right one lose marks to an unlucky draw?

``python -m benchmarks.draws ASSIGNMENT DRAWS [--bank]``: the solution of each exercise, or every sample of its bank, is
judged on so many draws; prints whose marks are not always the same, or a right one's not full, and ends with exit code
1 if there is one.
"""

from collections import Counter
from typing import Annotated

import typer

from autograder.course.assignment import Assignment
from autograder.grading.exercises import exercises_of
from autograder.grading.result import QUIZ
from autograder.processors import processors
from autograder.verify.bank import Kind, Sample, samples
from autograder.verify.mutants import trials
from tests.places import COURSE

AT_ONCE = 40
"""Draws that are asked in one process."""


def main(name: Annotated[str, typer.Argument(metavar="ASSIGNMENT")], draws: int, bank: bool = False) -> None:
    """Print what varies, as it is found, and how much does."""
    assignment, count = Assignment.load(COURSE, name), 0
    asked = [each.id for each in exercises_of(assignment) if not each.id.startswith(QUIZ)]
    solved = [Sample(each, Kind.STYLE, "solution", assignment.solved[each]) for each in asked]
    tried, stages = samples(assignment) if bank else solved, (*range(0, draws, AT_ONCE), draws)
    for sample, scores in ((each.sample, each.scores) for each in trials(assignment, tried, processors(), stages)):
        if len({*scores}) > 1 or (sample.kind is Kind.STYLE and max(scores) < 1):
            count += 1
            print(f"{sample.exercise}/{sample.name}: {dict(Counter(scores))}", flush=True)
    print(f"{name}: {count} of {len(tried)} answers get other marks with some of {draws} draws")
    raise typer.Exit(count > 0)


if __name__ == "__main__":
    typer.run(main)
