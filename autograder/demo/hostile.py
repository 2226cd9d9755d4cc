"""Submissions that attack the grader: each a full solution with an attack in it, whose honest cells earn marks."""

import copy
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output

from autograder.course.assignment import Assignment
from autograder.demo.stubs import all_equal, empty, exercise, middle

SOURCES = tomllib.loads(Path(__file__).with_name("hostile.toml").read_text("utf-8"))
"""What attacks run: a class that equals everything, tests taken away, a look around, a script."""


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        name: of the sample student who hands it in.
        aim: what success would be.
        sources: what takes the place of solutions: exercise → source. These exercises are what the attack itself gives
            up; all others are honest and must get full marks.
        first: the source of an extra cell before all others; none where it is empty.
        change: what is done to the notebook at last, in place.
    """

    name: str
    aim: str
    sources: Mapping[str, str] = field(default_factory=dict)
    first: str = ""
    change: Callable[[NotebookNode], None] | None = None

    @property
    def costs(self) -> frozenset[str]:
        """The exercises that the attack itself gives up."""
        return frozenset(self.sources)

    def apply(self, solved: NotebookNode) -> NotebookNode:
        """The attack, from a solved notebook."""
        notebook = copy.deepcopy(solved)
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in self.sources:
                cell.source = f"# exercise: {name}\n{self.sources[name]}"
        if self.first:
            notebook.cells.insert(0, new_code_cell(self.first, id="extra"))
        if self.change:
            self.change(notebook)
        return notebook


def attacks(assignment: Assignment) -> list[Attack]:
    """The attacks on any assignment; which exercises they give up depends on nothing but their positions."""
    first, second = exercise(assignment, 0), exercise(assignment, 1)
    third, fourth = (exercise(assignment, middle(assignment) + step) for step in (0, 1))
    endless = f"def answer(*arguments, **options):\n    while True: pass\n{all_equal(assignment, fourth, 'answer')}"
    huge = f"def answer(*arguments, **options):\n    return bytearray(10**13)\n{all_equal(assignment, first, 'answer')}"
    equal = SOURCES["equal-to-everything"] + all_equal(assignment, second, "Always()")
    nothing = {third: empty(assignment, third)}
    return [
        Attack("eve-skip-execution", "full marks through a tag", nothing, change=_skip_execution),
        Attack("eve-more-points", "a thousand points", {fourth: empty(assignment, fourth)}, change=_set_points),
        Attack("eve-drop-asserts", "tests that are not run", nothing, SOURCES["drop-asserts"]),
        Attack("eve-equal-to-everything", "answers that equal any expected value", {second: equal}),
        Attack("eve-read-outside", "other students' work, the key, the gradebook", first=SOURCES["read-outside"]),
        Attack("eve-exit", "marks lost by the whole class", {third: "import os\nos._exit(0)"}),
        Attack("eve-loop", "a grader that never ends", {fourth: endless}),
        Attack("eve-memory", "a machine without memory", {first: huge}),
        Attack("eve-script", "code that runs in the teacher's browser", first=SOURCES["script"]),
    ]


def _skip_execution(notebook: NotebookNode) -> None:
    """Tags that make nbgrader skip the graded cells and give full marks."""
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata["tags"] = ["skip-execution"]
            cell.outputs = [new_output("execute_result", data={"text/plain": "4.0"}, execution_count=1)]


def _set_points(notebook: NotebookNode) -> None:
    """Graded cells worth a thousand points each, with new ids and no lock."""
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("grade"):
            nbgrader.update(points=1000, locked=False, schema_version=1)
