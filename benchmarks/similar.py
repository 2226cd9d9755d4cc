"""Copies of hw14 under every disguise that tests know, among independent right solutions: found, missed, and how fast.

``python -m benchmarks.similar [SIZE …]``: in the first class, of 200, are the copies; all are timed, one of 1000, too.
A student's answers are drawn from the bank's right styles and rewritten with habits of the student's own.
"""

import ast
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

from nbformat.v4 import new_code_cell

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.grading.classroom import Submission
from autograder.handback.similar import Resemblance, compare, resemblance, works
from autograder.handback.similar.work import given
from autograder.verify.bank import Kind, samples
from tests.tool.disguises import DISGUISES

HABIT = 0.25
"""How often a student gives a step a name of its own, or turns a sum or product round."""


class Habits(ast.NodeTransformer):
    """A right solution in a student's own hand: sums turned round, parts named in statements before."""

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._steps = rng, list[ast.stmt]()

    def visit(self, node: ast.AST) -> Any:
        outer, self._steps = self._steps, self._steps if isinstance(node, ast.expr) else []
        self.generic_visit(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult) and self._rng.random() < HABIT:
            node.left, node.right = node.right, node.left
        if isinstance(node, ast.BinOp | ast.Call) and self._rng.random() < HABIT:
            self._steps.append(ast.Assign([ast.Name("step")], node))
            return ast.Name("step")
        steps, self._steps = self._steps, outer
        return [*steps, node] if isinstance(node, ast.Assign | ast.AugAssign | ast.Return) else node


def answers(assignment: Assignment, size: int) -> Iterator[list[str]]:
    """So many students' answers, one per exercise."""
    styles = [sample for sample in samples(assignment) if sample.kind is Kind.STYLE]
    for number in range(size):
        rng = random.Random(number)
        drawn = {sample.exercise: ast.parse(sample.source) for sample in rng.sample(styles, len(styles))}
        habits = Habits(rng)
        yield [ast.unparse(ast.fix_missing_locations(habits.visit(tree))) for _, tree in sorted(drawn.items())]


def compared(assignment: Assignment, size: int, copies: bool) -> tuple[Resemblance, float]:
    """A class and, if asked, a copy per disguise, the first of the first student's work; and the seconds it takes."""
    written = list(answers(assignment, size))
    handins = {f"student-{at}": cells for at, cells in enumerate(written)}
    if copies:
        handins |= {name: list(hide(cells)) for (name, hide), cells in zip(DISGUISES.items(), written, strict=False)}
    with tempfile.TemporaryDirectory() as folder:
        submissions = []
        for at, (student, cells) in enumerate(handins.items()):
            path = Path(folder) / f"{at}.ipynb"
            path.write_text(json.dumps({"cells": [*assignment.release.cells, *map(new_code_cell, cells)]}))
            submissions.append(Submission(student, path))
        start = time.process_time()
        found, omissions = works(assignment, submissions)
        return resemblance(found, given(assignment), omissions), time.process_time() - start


def main(sizes: list[int]) -> None:
    """Print the table of disguises, then the times."""
    assignment = Assignment.load(Course.at(Path()), "hw14")
    shown, _ = compared(assignment, sizes[0], copies=True)
    shares = {frozenset((pair.one.student, pair.other.student)): pair.share for pair in shown.pairs}
    shares |= {frozenset(work.student for work in group): 1.0 for group in shown.groups}
    print("| disguise | |\n|---|---|")
    for at, name in enumerate(DISGUISES):
        share = shares.pop(frozenset((f"student-{at}", name)), None)
        print(f"| {name} | {'**missed**' if share is None else f'{share:.0%}'} |")
    with mock.patch.multiple(compare, ALIKE=0.01, MOST_PAIRS=1):
        (honest,) = compared(assignment, sizes[0], copies=False)[0].pairs
    print(f"\nother pairs reported: {len(shares)}; of honest ones, the most alike share {honest.share:.0%}\n")
    for size in sizes:
        print(f"{size} works: {compared(assignment, size, copies=False)[1]:.1f} s")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [200, 1000])
