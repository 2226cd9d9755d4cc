"""A class of hw14 that never was: every answer drawn from the right styles and the mistake bank, saved as people do."""

import base64
import copy
import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.course.assignment import Assignment
from autograder.demo import mangle
from autograder.demo.roster import by_exercise, with_sources
from autograder.grading.result import QUIZ
from autograder.verify.bank import Kind, samples
from benchmarks.mutate import mutated_bytes
from tests.redteam import ATTACKS
from tests.redteam.corpus import Work

NAME = "hw14"
BROKEN, HOSTILE = 0.02, 0.01
RIGHT, UNWRITTEN = 0.75, 0.03
"""The shares of answers that are right and that are left as released; all others are a known mistake."""
PICTURE = 60_000
"""Bytes of the figures that a saved notebook carries."""


@dataclass(frozen=True)
class Handin:
    """One synthetic submission, counted from 1; its kind is how it was saved, ``"broken"``, or an attack's name."""

    number: int
    filename: str
    data: bytes
    kind: str
    hostile: bool = False

    @property
    def canvas_name(self) -> str:
        """The file as Canvas's "download submissions" names it."""
        return f"student{self.number:04d}_{10_000 + self.number}_{500_000 + self.number}_{self.filename}"


class Drawer:
    """Draws submissions of hw14; the same seed draws the same class."""

    def __init__(self, assignment: Assignment, seed: int) -> None:
        self._assignment, self._seed = assignment, seed
        self._solved = with_sources(assignment, {})
        bank = samples(assignment)
        self._styles, self._mistakes = by_exercise(bank, Kind.STYLE), by_exercise(bank, Kind.MISTAKE)

    def draw(self, size: int) -> Iterator[Handin]:
        """A class: Colab's and other people's ways of saving, some of it broken, some of it hostile."""
        broken, hostile = round(BROKEN * size), round(HOSTILE * size)
        odd = random.Random(f"{self._seed}/odd").sample(range(1, size + 1), broken + hostile)
        for number in range(1, size + 1):
            rng = random.Random(f"{self._seed}/{number}")
            if number in odd[:broken]:
                yield Handin(number, "hw14.ipynb", self._broken(rng), "broken")
            elif number in odd:
                yield self._hostile(number, rng)
            else:
                way, filename = rng.choices(*_WAYS)[0]
                yield Handin(number, filename, _SAVED[way](self.answered(rng)), way)

    def undamaged(self, size: int) -> Iterator[Handin]:
        """A class that nbgrader can read as well: saved by Jupyter, nothing lost."""
        for number in range(1, size + 1):
            rng = random.Random(f"{self._seed}/{number}")
            yield Handin(number, "hw14.ipynb", mangle.plain(self.answered(rng)), "plain")

    def answered(self, rng: random.Random) -> NotebookNode:
        """A filled-in notebook with its outputs, as it was before it was saved."""
        notebook = copy.deepcopy(self._solved)
        for exercise, at in self._assignment.solution_cells.items():
            cell = notebook.cells[at]
            drawn = rng.random()
            if drawn < UNWRITTEN:
                cell.source = self._assignment.stubs[exercise]
            elif exercise.startswith(QUIZ):
                cell.source = cell.source if drawn < RIGHT else _guess(cell.source, rng)
            else:
                bank = self._styles if drawn < RIGHT else self._mistakes
                cell.source = rng.choice(bank[exercise]).source if exercise in bank else cell.source
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for cell in code:
            cell.outputs = [new_output("stream", text="done\n")]
        picture = base64.b64encode(rng.randbytes(PICTURE)).decode()
        code[-1].outputs.append(new_output("display_data", data={"image/png": picture}))
        return notebook

    def _broken(self, rng: random.Random) -> bytes:
        notebook = self.answered(rng)
        way = rng.choice((mangle.truncated, lambda _: mangle.web_page("hw14"), mangle.plain))
        return mutated_bytes(way(notebook), rng)

    def _hostile(self, number: int, rng: random.Random) -> Handin:
        """An attack of the red team that is one file and needs no particular student."""
        while True:
            attack = rng.choice(ATTACKS)
            files = attack.handin(Work(self._solved, self._assignment.stubs)) if attack.student == attack.name else {}
            data = files.get("hw14.ipynb")
            if len(files) == 1 and isinstance(data, bytes):
                return Handin(number, "hw14.ipynb", data, attack.name, hostile=True)


_SAVED = {"plain": mangle.plain, "careless": mangle.careless, "script": mangle.script}
_SAVED["colab"] = partial(mangle.colab, name="hw14")
_WAYS = (
    [("colab", "Copy of hw14.ipynb"), ("plain", "hw14.ipynb"), ("careless", "hw14 (1).ipynb"), ("script", "hw14.py")],
    [60, 25, 12, 3],
)
"""How people save, and how often in a hundred."""


def _guess(source: str, rng: random.Random) -> str:
    """A quiz cell with one of its ticks the other way round."""
    ticks = list(re.finditer(r"^[A-Z] = (True|False)", source, flags=re.M))
    if not ticks:
        return source
    tick = rng.choice(ticks)
    return source[: tick.start(1)] + str(tick[1] != "True") + source[tick.end(1) :]


def canvas_archive(handins: Iterator[Handin], path: Path) -> list[Handin]:
    """Write a class as the archive that Canvas gives teachers, ready for ``autograder collect``; returns the class."""
    there = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for handin in handins:
            archive.writestr(handin.canvas_name, handin.data)
            there.append(handin)
    return there
