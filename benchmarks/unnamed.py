"""What are wrong answers told that no known mistake explains? ``python -m benchmarks.unnamed [EXERCISE …]``

The bank's wrong samples are judged on public inputs as if no mistake were known; prints what is told without an example.
"""

import sys
import warnings
from collections import Counter
from dataclasses import replace

import numpy as np

from autograder.course.assignment import Assignment
from autograder.judging.judge import judge
from autograder.verify.bank import Kind, samples
from tests.course.bank_reference import ASSIGNMENT, BY_ID, COURSE, ask, namespace

warnings.simplefilter("ignore")
counts: Counter[str] = Counter()
for sample in (each for name in COURSE.assignments for each in samples(Assignment.load(COURSE, name))):
    if sample.kind is not Kind.STYLE and (sample.exercise in sys.argv or not sys.argv[1:]):
        exercise = replace(BY_ID[sample.exercise], mistakes=())
        cases = exercise.draw(np.random.default_rng(0))
        names = namespace(ASSIGNMENT[sample.exercise], {sample.exercise: sample.source})
        told = judge(exercise, cases, ask(exercise, names, cases), 1.0, public=True)
        for check in (each for each in told.checks if not each.passed and "counts once" not in each.message):
            shown = "For example, " in check.message or "In a public example" in check.message
            kind = "example" if shown else "error" if "your code raised" in check.message else "own words"
            counts[kind] += 1
            if kind == "own words":
                print(f"{sample.exercise} {sample.name}: {check.message}", flush=True)
print(f"failed checks by what is told of them: {dict(counts)}")
