"""From an assignment's one source, solutions/NAME/NAME.py, to nbgrader's source notebook."""

import hashlib
import re
from collections import Counter
from copy import deepcopy
from functools import cache
from itertools import product
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.course.cell_text import markers
from autograder.course.course import Course, CourseError
from autograder.course.quiz import Quiz, check_cell, question_cells
from autograder.course.setup_cell import setup_cell
from autograder.paths import AUTOGRADER

QUIZ_CELL = "<!-- quiz -->"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"name": "python"}
TRAINING = "training"
"""The tag of a cell that trains for minutes. What is graded never needs it: student code is asked directly."""
HIDDEN_TESTS = "student code could read what follows ### BEGIN HIDDEN TESTS, so it isn't run; test it in judges/ID.py"
CRITERION = re.compile(r"^(?:# )?- (\d+(?:\.\d+)?) points?: (.+(?:\n(?:# )?  .+)*)", re.MULTILINE)
"""A line of a rubric, in the sample answer to a written question."""
_GRADE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class SourceError(CourseError):
    """An assignment's source is not well-formed; the message names the file and every fault, one a line."""


def source_notebook(course: Course, name: str) -> NotebookNode:
    """The source notebook of an assignment, with solutions: the same for the same files, cell ids included.

    Reads solutions/NAME/NAME.py (jupytext percent), fills ``{{setup}}``, ``{{repository}}`` and ``{{tag}}``, puts the
    quiz's cells, with the right options chosen, in the place of the markdown cell ``<!-- quiz -->``, and what exercises
    there are, with their points, in that of ``{{exercises}}``; ``{{choice}}`` says whether all of them are asked.

    Raises:
        CourseError: the course has no assignment of that name.
        SourceError: the source is absent or breaks a rule.
    """
    course.entry(name)
    path = course.instructors_source(name)
    if not path.is_file():
        raise SourceError(f"{path}: there is no such file, though course.toml names the assignment {name!r}.")
    cells: list[NotebookNode] = []
    for cell in percent_cells(course, path):
        if cell.source.strip() == QUIZ_CELL:
            cells += _quiz_cells(course, name)
            continue
        cells.append(cell)
        theirs = is_solution(cell) and not is_graded(
            cell
        )  # where its source says the points, the course's check follows
        points = cell.metadata.get("nbgrader", {}).pop("points", None) if theirs else None
        cells += [] if points is None else [check_cell(str(grade_id(cell)), points)]
    choice = _choice(course.entry(name).enough_points)
    faults = _faults(cells)
    if choice["enough"] and not any("{{choice}}" in cell.source for cell in cells):
        faults.append("course.toml gives enough_points, but no text cell says so to students: put {{choice}} into one")
    if faults:
        raise SourceError("\n".join(f"{path}: {fault}" for fault in faults))
    for cell, (word, text) in product(cells, {"exercises": _exercises(cells), **choice}.items()):
        cell.source = cell.source.replace(f"{{{{{word}}}}}", text)
    return notebook_of(cells)


def _exercises(cells: list[NotebookNode]) -> str:
    """The exercises that are graded automatically, each with its points, as a Python dict; the questions in short."""
    graded = [cell.metadata.nbgrader for cell in cells if is_graded(cell) and not is_written(cell)]
    points = {each.grade_id.removesuffix("-test"): each.points for each in graded}
    quiz = [identity for identity in points if identity.startswith("quiz-")]
    named = ", ".join(f'"{identity}": {value:g}' for identity, value in points.items() if identity not in quiz)
    if not quiz:
        return f"{{{named}}}"
    return f'{{{named}}} | {{f"quiz-{{n:02}}": {points[quiz[0]]:g} for n in range(1, {len(quiz) + 1})}}'


def _choice(enough: float | None) -> dict[str, str]:
    """Whether students choose among the exercises: for the text at the top, and for the set-up cell."""
    if enough is None:
        return {"choice": "All are asked.", "enough": ""}
    return {
        "choice": f"**{enough:g} points from the exercises are full marks: choose yours.** More than that does not count.",
        "enough": f"\nENOUGH = {enough:g}  # so many of these points, the quiz left out, are full marks",
    }


def percent_cells(course: Course, path: Path) -> list[NotebookNode]:
    """The cells of a jupytext percent file, ``{{setup}}``, ``{{repository}}`` and ``{{tag}}`` filled in.

    A text cell ``{{set_up}}`` or ``{{hand_in}}`` stands for a homework's first and last cells, where the package has checks.

    Raises:
        SourceError: it has a set-up cell, but the course has no package.
    """
    text = path.read_text(encoding="utf-8")
    for name in ("set_up", "hand_in"):
        part = (AUTOGRADER / "templates" / "homework" / f"{name}.percent").read_text(encoding="utf-8")
        text = text.replace(f"# %% [markdown]\n# {{{{{name}}}}}\n", part)
    if "{{setup}}" in text:
        if course.package is None:
            raise SourceError(f"{path} has {{{{setup}}}}, but course.toml names no package for it to fetch.")
        text = text.replace("{{setup}}", setup_cell(course.package)).replace("{{package}}", course.package)
    text = text.replace("{{repository}}", course.repository).replace("{{tag}}", course.tag)
    return deepcopy(_parsed(text))


@cache
def _parsed(text: str) -> list[NotebookNode]:
    import jupytext  # takes as long as all else that a worker needs, and a worker reads no source

    cells: list[NotebookNode] = jupytext.reads(text, fmt="py:percent").cells
    for cell in cells:
        cell.metadata.pop("lines_to_next_cell", None)  # jupytext's own note, of no use in a notebook
    return cells


def notebook_of(cells: list[NotebookNode]) -> NotebookNode:
    """A notebook of these cells: the same for the same cells, ids included."""
    _set_ids(cells)
    notebook: NotebookNode = new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": LANGUAGE})
    notebook.nbformat_minor = 5
    return notebook


def notebook_bytes(notebook: NotebookNode) -> bytes:
    """A notebook as the bytes of its file."""
    text: str = nbformat.writes(notebook)
    return (text + "\n").encode()


def grade_id(cell: NotebookNode) -> str | None:
    """The cell's grade_id, or None where nbgrader has no part in it."""
    value = cell.metadata.get("nbgrader", {}).get("grade_id")
    return str(value) if value else None


def is_solution(cell: NotebookNode) -> bool:
    """Whether students write in this cell."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def is_graded(cell: NotebookNode) -> bool:
    """Whether this cell carries points."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def is_written(cell: NotebookNode) -> bool:
    """Whether a person marks what students write in this cell."""
    return is_graded(cell) and is_solution(cell)


def rubric(cell: NotebookNode) -> list[tuple[float, str]]:
    """What a person looks for in a written answer, each with its points: the lines ``- 1 point: …`` of its source."""
    return [(float(points), re.sub(r"\n(?:# )? +", " ", text)) for points, text in CRITERION.findall(cell.source)]


def is_extra(cell: NotebookNode) -> bool:
    """Whether a cell is the student's own addition, as ingest marks it; all other prose is the instructor's."""
    return bool(cell.metadata.get("lifelong", {}).get("extra"))


def _quiz_cells(course: Course, name: str) -> list[NotebookNode]:
    path = course.quiz_file(name)
    if path is None:
        place = course.instructors_source(name)
        raise SourceError(f"{place} has a cell {QUIZ_CELL}, but there is no quiz.toml beside it.")
    questions = Quiz.load(path).questions
    each = round(course.entry(name).quiz_points / len(questions), 4)
    checked = course.package is not None
    return [cell for one in questions for cell in question_cells(one, points=each, solved=True, checked=checked)]


def _faults(cells: list[NotebookNode]) -> list[str]:
    """What breaks the rules by which build, grading and feedback find their way, in sentences."""
    ids = Counter(identity for cell in cells if (identity := grade_id(cell)))
    solutions = {grade_id(cell) for cell in cells if is_solution(cell)}
    faults = [f"the grade_id {identity!r} is used {count} times" for identity, count in ids.items() if count > 1]
    for cell in cells:
        identity = grade_id(cell)
        if "BEGIN SOLUTION" in cell.source and not is_solution(cell):
            faults.append(f"a cell that is not a solution cell holds BEGIN SOLUTION: {cell.source[:60]!r}")
        if "BEGIN HIDDEN TESTS" in cell.source:
            faults.append(f"{cell.source[:40]!r}: {HIDDEN_TESTS}")
        if identity is None:
            continue
        if not _GRADE_ID.fullmatch(identity):
            faults.append(f"the grade_id {identity!r} may hold only letters, digits, - and _, at most 64")
        if is_graded(cell) and not is_solution(cell) and identity.removesuffix("-test") not in solutions:
            faults.append(f"the graded cell {identity!r} has no solution cell {identity.removesuffix('-test')!r}")
        if cell.metadata.nbgrader.get("task"):
            faults.append(
                f'{identity!r} is a task cell; make it a question: "grade": true, "solution": true, "task": false'
            )
        if is_solution(cell):
            faults += _solution_faults(cell, identity, identity + "-test" in ids)
    return faults


def _solution_faults(cell: NotebookNode, identity: str, has_test: bool) -> list[str]:
    faults = []
    if not is_written(cell) and not has_test:
        faults.append(f"the solution cell {identity!r} has no graded cell '{identity}-test'")
    if is_written(cell) and (has_test or identity.startswith("quiz-") or identity.endswith("-test")):
        faults.append(f"a person marks {identity!r}: it is no quiz-… or …-test, and has no graded cell beside it")
    if is_written(cell) and "### BEGIN SOLUTION" not in cell.source:
        faults.append(f"the written question {identity!r} has no ### BEGIN SOLUTION: put a good answer there")
    worth = sum(points for points, _ in rubric(cell))
    if is_written(cell) and worth and abs(worth - cell.metadata.nbgrader.points) > 1e-9:
        faults.append(f"the rubric of {identity!r} gives {worth:g} points, which are not those of its header")
    named = markers(cell.source)
    if [marker for marker, _ in named] != [identity] or named[0][1] != 0:
        line = f"# exercise: {identity}" if cell.cell_type == "code" else f"<!-- exercise: {identity} -->"
        faults.append(f"the solution cell {identity!r} must begin with its marker, the line '{line}'")
    return faults


def _set_ids(cells: list[NotebookNode]) -> None:
    """Give every cell an id that depends on nothing but its grade_id or contents, so that builds are repeatable."""
    seen: Counter[str] = Counter()
    for cell in cells:
        identity = grade_id(cell)
        if identity is None:
            identity = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[identity] += 1
        cell["id"] = identity if seen[identity] == 1 else f"{identity}-{seen[identity]}"
