"""Copies of hw14 under every disguise that tests know, among independent right solutions: found, missed, and how fast.

``python -m benchmarks.similar [SIZE …]``: the first size is the class with the copies, all are timed, 200 and 1000 by
default. Nobody's answers are equal: each student's are drawn from the bank's right styles and rewritten with habits of
their own.
"""

import ast
import copy
import random
import sys
import tempfile
import time
from pathlib import Path
from unittest import mock

from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.course import Course
from autograder.demo import mangle
from autograder.grading.classroom import Submission
from autograder.handback.similar import Resemblance, Work, compare, resemblance, works
from autograder.handback.similar.work import given
from autograder.verify.bank import Kind, samples
from tests.tool.disguises import DISGUISES

HABIT = 0.25
"""How often a student gives a step a name of its own, or turns a sum or product round."""


class Habits(ast.NodeTransformer):
    """A right solution in a student's own hand: other steps, the same values."""

    def __init__(self, rng: random.Random) -> None:
        self._rng, self._steps = rng, list[ast.stmt]()

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        return self._stepwise(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        return self._stepwise(node)

    def visit_Return(self, node: ast.Return) -> list[ast.stmt]:
        return self._stepwise(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        return self._named(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and self._rng.random() < HABIT:
            node.left, node.right = node.right, node.left
        return self._named(node)

    def _stepwise(self, node: ast.stmt) -> list[ast.stmt]:
        outer, self._steps = self._steps, []
        self.generic_visit(node)
        steps, self._steps = self._steps, outer
        return [*steps, node]

    def _named(self, node: ast.expr) -> ast.expr:
        if self._rng.random() >= HABIT:
            return node
        name = f"step_{self._rng.randrange(10**6)}"
        self._steps.append(ast.Assign([ast.Name(name, ast.Store())], node))
        return ast.Name(name, ast.Load())


class Classroom:
    """Draws students; the same number draws the same one."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self._styles: dict[str, list[str]] = {}
        for sample in samples(assignment):
            if sample.kind is Kind.STYLE:
                self._styles.setdefault(sample.exercise, []).append(sample.source)

    def answers(self, number: int) -> dict[str, str]:
        """One answer per exercise."""
        rng = random.Random(number)
        return {exercise: self._written(rng.choice(styles), rng) for exercise, styles in self._styles.items()}

    def _written(self, style: str, rng: random.Random) -> str:
        tree = ast.fix_missing_locations(Habits(rng).visit(ast.parse(style)))
        return ast.unparse(tree)

    def notebook(self, answers: dict[str, str], extra: list[str]) -> NotebookNode:
        """The release with these answers, and with extra cells at its end."""
        notebook = copy.deepcopy(self.assignment.release)
        for exercise, answer in answers.items():
            notebook.cells[self.assignment.solution_cells[exercise]].source = f"# exercise: {exercise}\n{answer}"
        last = notebook.cells[self.assignment.solution_cells[next(iter(self._styles))]]
        notebook.cells += [NotebookNode({**last, "id": f"extra-{at}", "metadata": {}, "source": source}) for at, source in enumerate(extra)]
        return notebook


def compared(classroom: Classroom, size: int, disguises: dict[str, object]) -> tuple[Resemblance, float]:
    """A class, and beside it a disguised copy of one student's work for each disguise; and the seconds it took."""
    with tempfile.TemporaryDirectory() as folder:
        handins = []
        for number in range(size):
            answers = classroom.answers(number)
            handins.append((f"student-{number:04d}", classroom.notebook(answers, [])))
        for number, (name, disguise) in enumerate(DISGUISES.items() if disguises else ()):
            cells = list(disguise(list(classroom.answers(number).values())))
            handins.append((name, classroom.notebook({}, cells)))
        submissions = []
        for at, (student, notebook) in enumerate(handins):
            path = Path(folder) / f"{at}.ipynb"
            path.write_bytes(mangle.plain(notebook))
            submissions.append(Submission(student, path))
        start = time.perf_counter()
        found, omissions = works(classroom.assignment, submissions)
        result = resemblance(found, given(classroom.assignment), omissions)
        return result, time.perf_counter() - start


