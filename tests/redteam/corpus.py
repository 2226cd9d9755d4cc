"""What an attack is: a full solution of hw14 with something hostile in it, and what its success would be."""

import copy
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import PurePath
from typing import Any, Self

import nbformat
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.course.assignment import Assignment
from autograder.demo.hostile import SOURCES
from autograder.demo.roster import with_sources
from tests.places import table

BREACH = "BREACH"
"""What an attack prints when something worked that should not; in its source the word stands in two halves."""

SNIPPETS = {**table("redteam/snippets.toml"), "always": SOURCES["equal-to-everything"]}
"""Code that several attacks share; a line <name> of a cell stands for it."""

EXERCISES = ("permutation", "metrics", "penalty", "ewc", "mas", "si", "rwalk", "scp")
ALL = frozenset(EXERCISES)


class Aim(StrEnum):
    """What the success of an attack would be."""

    POINTS = "points"
    LEAK = "leak"
    HARM = "harm"
    DENIAL = "denial"


@dataclass(frozen=True)
class Link:
    """A symbolic link that is handed in; the target is relative to the course's folder."""

    target: PurePath


Handin = dict[str, "bytes | Link"]
"""File name → contents: a submission's folder."""


class Work:
    """A solved homework, to be changed into an attack."""

    def __init__(self, solved: NotebookNode, stubs: dict[str, str]) -> None:
        self.notebook = copy.deepcopy(solved)
        self._stubs = stubs
        found = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in self.notebook.cells}
        self.cells: dict[str, NotebookNode] = {name: cell for name, cell in found.items() if name}

    @classmethod
    def of(cls, assignment: Assignment) -> Self:
        """The homework as it is taught."""
        return cls(with_sources(assignment, {}), assignment.stubs)

    def give_up(self, *exercises: str) -> None:
        """Leave exercises as they were released: honestly graded they earn nothing."""
        for exercise in exercises:
            self.cells[exercise].source = self._stubs[exercise]

    def __setitem__(self, exercise: str, source: str) -> None:
        """Another answer to an exercise."""
        self.cells[exercise].source = f"# exercise: {exercise}\n{source}"

    def before(self, exercise: str, source: str) -> None:
        """Code above the right answer, in its own cell."""
        self[exercise] = source + "\n" + self.cells[exercise].source.split("\n", 1)[1]

    def after(self, exercise: str, source: str) -> None:
        """Code below the right answer, in its own cell."""
        self.cells[exercise].source += "\n" + source

    def first(self, source: str) -> None:
        """A cell of one's own before all others."""
        self.notebook.cells.insert(0, new_code_cell(source, id="redteam-first"))

    def last(self, source: str) -> None:
        """A cell of one's own after all others."""
        self.notebook.cells.append(new_code_cell(source, id="redteam-last"))

    def prose(self, text: str) -> None:
        """A text cell of one's own before all others."""
        self.notebook.cells.insert(0, new_markdown_cell(text, id=f"redteam-prose-{len(self.notebook.cells)}"))

    def bytes(self) -> bytes:
        """The notebook as it is saved, valid or not."""
        text: str = nbformat.writes(self.notebook)
        return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    Attributes:
        name: its id.
        theme: the part of the grader that it turns against.
        aim: what success would be.
        about: the same in a sentence.
        costs: exercises that are given up for it, and must earn nothing.
        hurts: exercises that it may spoil for itself; it must not gain there, that is all.
        student: the name of the folder it is handed in under.
        ungradable: whether it waits for a person, as there is no notebook in it; or the wall behind which it may, as the
            threat model says.
        make: turns a solved homework into the attack; changes it, or returns what is handed in instead.
    """

    name: str
    theme: str
    aim: Aim
    about: str
    costs: frozenset[str]
    hurts: frozenset[str]
    student: str
    ungradable: bool | str
    make: Callable[[Work], Handin | bytes | None]

    def handin(self, work: Work) -> Handin:
        """The files to hand in, made from a fresh solved homework."""
        work.give_up(*self.costs & ALL)  # a question stays answered: it is its variable that is attacked
        made = self.make(work)
        if isinstance(made, dict):
            return made
        return {"hw14.ipynb": work.bytes() if made is None else made}


ATTACKS: list[Attack] = []


def attack(
    theme: str, aim: Aim, costs: Collection[str] = (), *, student: str = "", ungradable: bool = False
) -> Callable[[Callable[[Work], Handin | bytes | None]], Callable[[Work], Handin | bytes | None]]:
    """Enter the decorated function into the corpus; its name is the attack's, its docstring says what it wants."""

    def enter(make: Callable[[Work], Handin | bytes | None]) -> Callable[[Work], Handin | bytes | None]:
        name = make.__name__.replace("_", "-")
        own = (frozenset(costs), frozenset[str](), student or name, ungradable, make)
        ATTACKS.append(Attack(name, theme, aim, (make.__doc__ or "").strip(), *own))
        return make

    return enter


def enter(theme: str) -> None:
    """Enter the attacks of a theme's table into the corpus."""
    for name, row in table(f"redteam/{theme}.toml").items():
        costs, hurts = (frozenset(row.pop(key, "").split()) for key in ("costs", "hurts"))
        student, ungradable = row.pop("student", name), row.pop("ungradable", False)
        about = (name, theme, Aim(row.pop("aim")), row.pop("about"), costs, ALL if hurts == {"all"} else hurts)
        ATTACKS.append(Attack(*about, student, ungradable, partial(_write, values=row.pop("set", {}), cells=row)))


def _write(work: Work, values: Mapping[str, Any], cells: Mapping[str, Any]) -> None:
    """Put cells into a solved homework: "first", "last", "prose", "before" and "after" exercises, or an exercise's own.

    The values, what is under "set", replace what cells say of themselves: those named, or "all"; or what "notebook" says.
    """
    for names, fields in values.items():
        for name in work.cells if names == "all" else names.split():
            _merge(work.notebook if name == "notebook" else work.cells[name], fields)
    for place, sources in cells.items():
        how, *exercises = place.split()
        for source in [sources] if isinstance(sources, str) else sources:
            text = re.sub(r"^<(\w+)>\n", lambda found: SNIPPETS[found[1]], source, flags=re.MULTILINE)
            if how in EXERCISES:
                work[how] = text
            for exercise in exercises:
                getattr(work, how)(exercise, text)
            if not exercises and how not in EXERCISES:
                getattr(work, how)(text)


def _merge(old: NotebookNode, new: Mapping[str, Any]) -> None:
    for key, value in from_dict(new).items():
        if isinstance(value, dict) and key in old:
            _merge(old[key], value)
        else:
            old[key] = value
