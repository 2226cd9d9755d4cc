"""An assignment as graders see it: the released notebook, its exercises, and what each of them defines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import nbformat
from nbformat import NotebookNode

from autograder.course.catalogue import catalogues
from autograder.course.cell_text import defined_names, essence
from autograder.course.course import Course, CourseError
from autograder.course.settings import beyond
from autograder.course.source import grade_id, is_graded, is_solution, is_written, rubric, source_notebook


@dataclass(frozen=True, eq=False)
class Assignment:
    """An assignment of a course.

    Every graded notebook is rebuilt from its ``release``, the released notebook: copy that before changing it.
    """

    course: Course
    name: str
    release: NotebookNode = field(repr=False)

    @classmethod
    def load(cls, course: Course, name: str) -> Assignment:
        """The assignment with its released notebook from ``assignments/NAME/NAME.ipynb``.

        Raises:
            CourseError: no such assignment, or it has not been built.
        """
        course.entry(name)
        path = course.release_path(name)
        if not path.is_file():
            raise CourseError(f"{name} has not been released yet: run `autograder build {name}`.")
        return cls(course, name, nbformat.reads(path.read_text(encoding="utf-8"), as_version=4))

    @cached_property
    def exercises(self) -> list[tuple[str, float]]:
        """The exercises in their order, each with its points; the written ones are among them."""
        return [
            (identity.removesuffix("-test"), float(cell.metadata.nbgrader.points))
            for cell in self.release.cells
            if is_graded(cell) and (identity := grade_id(cell))
        ]

    @cached_property
    def written(self) -> frozenset[str]:
        """The exercises that a person marks."""
        return frozenset(identity for cell in self.release.cells if is_written(cell) and (identity := grade_id(cell)))

    @cached_property
    def rubrics(self) -> dict[str, list[tuple[float, str]]]:
        """What is looked for in each written exercise, with its points; students get nothing of it with the release."""
        return {str(grade_id(cell)): rubric(cell) for cell in self.solution_notebook().cells if is_written(cell)}

    @cached_property
    def points(self) -> float:
        """What the whole assignment is worth: its full marks."""
        points = dict(self.exercises)
        return round(sum(points.values()) - beyond(points, self.enough), 4)

    @property
    def enough(self) -> float | None:
        """So many points of the exercises are full marks; None asks for all."""
        return self.course.entry(self.name).enough_points

    @cached_property
    def solution_cells(self) -> dict[str, int]:
        """The cells that students write in: exercise id → position in the release."""
        return self._positions(is_solution)

    @cached_property
    def stubs(self) -> dict[str, str]:
        """What students are given: exercise id → the source of its cell as it is released."""
        return {each: self.release.cells[at].source for each, at in self.solution_cells.items()}

    @cached_property
    def solved(self) -> dict[str, str]:
        """The solution: exercise id → the source of its cell; of one that the source has no more, the stub."""
        cells = filter(is_solution, self.solution_notebook().cells)
        return self.stubs | {str(grade_id(cell)): cell.source for cell in cells}

    @cached_property
    def graded_cells(self) -> dict[str, int]:
        """The cells beside students' own that carry the points: exercise id → position in the release."""
        found = self._positions(lambda cell: is_graded(cell) and not is_solution(cell))
        return {identity.removesuffix("-test"): position for identity, position in found.items()}

    @cached_property
    def given_cells(self) -> dict[str, int]:
        """The locked cells that the course gives, neither written in nor graded: grade_id → position."""
        return self._positions(lambda cell: not is_solution(cell) and not is_graded(cell))

    def _positions(self, wanted: Callable[[NotebookNode], bool]) -> dict[str, int]:
        """The release's cells of a kind: grade_id → position."""
        cells = enumerate(self.release.cells)
        return {identity: at for at, cell in cells if wanted(cell) and (identity := grade_id(cell))}

    @cached_property
    def defines(self) -> dict[str, frozenset[str]]:
        """The names by which an exercise is known: exercise id → names its cell must define, e.g. scp → sphere, SCP.

        Read off the stub that students get; off the solution only where the stub defines nothing. Names that several
        exercises define (the letters of a quiz) tell nothing and are left out, as are private helpers. A written
        answer defines nothing.
        """
        named = {each: defined_names(stub) for each, stub in self.stubs.items() if each not in self.written}
        named |= {each: defined_names(self.solved[each]) for each, names in named.items() if not names}
        result = dict.fromkeys(self.written, frozenset[str]())
        for identity, names in named.items():
            others = set().union(*(names for other, names in named.items() if other != identity))
            own = frozenset(name for name in names - others if not name.startswith("_"))
            variable = identity.replace("-", "_")
            result[identity] = frozenset({variable}) if variable in own else own
        return result

    @cached_property
    def originals(self) -> dict[str, str]:
        """The essences of text cells in translation → the released texts."""
        known = [each.whole for each in catalogues(self.course.solutions / self.name)]
        texts = {cell.source for cell in self.release.cells if cell.cell_type != "code"}
        return {essence(each[text], "markdown"): text for each in known for text in texts & each.keys()}

    def solution_notebook(self) -> NotebookNode:
        """The source notebook with the solutions in it, built afresh from ``solutions/NAME/NAME.py``."""
        return source_notebook(self.course, self.name)
