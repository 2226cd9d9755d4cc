"""Rebuild a submission from the course's own notebook."""

import copy
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from autograder.course.assignment import Assignment
from autograder.course.cell_text import essence, unmarked
from autograder.course.source import grade_id
from autograder.ingest.match import Found, Index, Piece, by_exercise, choose, contents, in_order, match, place
from autograder.ingest.read import read_cells
from autograder.ingest.recognise import require


@dataclass(frozen=True)
class Ingested:
    """A submission as it will be graded.

    Attributes:
        notebook: the release's own cells in their order, with the student's sources in the solution cells, and the
            student's extra cells, marked ``{"lifelong": {"extra": true}}``, where they stood.
        repairs: what had to be mended, one sentence each.
        found: how each exercise was found: ``"grade_id"``, ``"marker"``, ``"definition"`` or ``"missing"``.
    """

    notebook: NotebookNode
    repairs: list[str]
    found: dict[str, str]


def ingest(data: bytes, assignment: Assignment, filename: str = "") -> Ingested:
    """The submission in these bytes, rebuilt.

    Raises:
        Ungradable: there is no notebook of this assignment in them, whatever they are; nothing else is ever raised.
    """
    cells, repairs = read_cells(data, filename)
    originals = assignment.originals
    cells = [replace(each, source=originals.get(essence(each.source, each.kind), each.source)) for each in cells]
    index = Index(assignment)
    pieces = match(cells, index)
    require(assignment, cells, pieces, index)
    spots = [assignment.solution_cells[piece.exercise] for piece in pieces if piece.exercise]
    if spots != sorted(spots):
        repairs.append("Exercises stood in another order; they were put back into the course's.")
    sources, found = _solutions(pieces, index, repairs)
    repairs += _own_repairs(pieces, assignment)
    repairs += _found_repairs(found)
    return Ingested(_notebook(pieces, sources, index), repairs, {key: str(how) for key, how in found.items()})


def _solutions(pieces: list[Piece], index: Index, repairs: list[str]) -> tuple[dict[str, str], dict[str, Found]]:
    """The source of every solution cell that was worked on, and how each exercise was found.

    Marks the pieces whose text that takes up. Those that are an exercise's but were not chosen become extra cells, so
    that they run where they stood.
    """
    sources: dict[str, str] = {}
    found: dict[str, Found] = {}
    grouped = by_exercise(pieces)
    for exercise, stub in index.stubs.items():
        copies = grouped.get(exercise, [])
        chosen, repair = choose(copies, index, exercise)
        if repair:
            repairs.append(repair)
        is_text = index.is_text(exercise)
        if any((piece.cell.kind != "code") != is_text for piece in chosen):
            became = "code; it is read as text" if is_text else "text; it is graded as code"
            repairs.append(f"The cell of exercise {exercise} had been turned into {became}.")
        if chosen:
            sources[exercise] = _joined(chosen, index, exercise)
        found[exercise] = (chosen or copies)[0].found if copies else Found.MISSING
        done = {index.essence(piece.cell.source, exercise) for piece in chosen} | {stub}
        for piece in copies:
            piece.used = index.essence(piece.cell.source, exercise) in done
    for exercise in index.stubs:
        if exercise not in sources:
            written = exercise in index.assignment.written
            source = (_beside if written else _elsewhere)(pieces, index, exercise)
            if source is not None:
                sources[exercise], found[exercise] = source, Found.BESIDE if written else Found.DEFINITION
    return sources, found


def _joined(pieces: Iterable[Piece], index: Index, exercise: str) -> str:
    """The sources of several cells as one; in a written answer code stays code, and in one of code text is comments."""
    is_text, written = index.is_text(exercise), exercise in index.assignment.written
    odd = "" if not written else "    " if is_text else "# "
    sources = [(piece.cell.source.strip("\n"), (piece.cell.kind != "code") != is_text) for piece in pieces]
    return "\n\n\n".join(textwrap.indent(unmarked(each), odd) if odd and other else each for each, other in sources)


def _beside(pieces: list[Piece], index: Index, exercise: str) -> str | None:
    """What was written beside the cell of a written question that is absent or untouched: a person has to see it.

    That is what the student added just below the question or wrote into it. Text moves; code stays, too, and is run.
    """
    position, spot, found = index.assignment.solution_cells[exercise], -1, list[Piece]()
    question = index.assignment.release.cells[position - 1]
    for piece in pieces:
        own = place(piece, index)
        spot = spot if own is None else own
        added = own is None and spot in (position - 1, position)
        if added or (own == position - 1 and piece.cell.kind != "code" and _is_students(piece, question)):
            found.append(piece)
            if added and (piece.cell.kind != "code" or not index.is_text(exercise)):
                piece.exercise, piece.used = exercise, True
    return _joined(found, index, exercise) if found else None


def _elsewhere(pieces: list[Piece], index: Index, exercise: str) -> str | None:
    """The source for the cell of an exercise whose own cell is absent or untouched, if another cell defines it.

    A cell that may move there without passing another does so. One that may not stays where it stands, since what
    it builds on may stand just before it; then the stub has to go, or it would undo the student's work.
    """
    position = index.assignment.solution_cells[exercise]
    holders = [(at, piece) for at, piece in enumerate(pieces) if exercise in piece.names and piece.own is None]
    holders = [(at, piece) for at, piece in holders if piece.exercise != exercise or not piece.used]
    free = [piece for _, piece in holders if piece.exercise is None and piece.names == {exercise}]
    if free and len(free) == len(holders) and all(in_order(pieces, at, position, index) for at, _ in holders):
        chosen, _ = choose(free, index, exercise)
        for piece in chosen or free:
            piece.exercise, piece.used = exercise, True
        return _joined(chosen or free[:1], index, exercise)
    if holders:
        return f"# exercise: {exercise}\n# The course found this exercise in another cell of the notebook."
    return None


def _notebook(pieces: list[Piece], sources: dict[str, str], index: Index) -> NotebookNode:
    """The release with the given sources in its solution cells, and each unused piece after its nearest predecessor."""
    notebook = copy.deepcopy(index.assignment.release)
    extras: defaultdict[int, list[NotebookNode]] = defaultdict(list)
    position, count = -1, 0
    for piece in pieces:
        spot = place(piece, index)
        if spot is not None and (piece.own is not None or piece.used):
            position = spot
            if piece.used or not _is_students(piece, notebook.cells[spot]):
                continue
        count += 1
        extras[position].append(_extra(piece, count))
    pictures = [picture for piece in pieces for picture in piece.cell.pictures]
    exercise_at = {position: exercise for exercise, position in index.assignment.solution_cells.items()}
    cells = list(extras[-1])
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if exercise_at.get(position) in sources:
            cell.source = sources[exercise_at[position]]
            held = {name: {kind: data} for name, kind, data in pictures if f"(attachment:{name})" in cell.source}
            if held and exercise_at[position] in index.assignment.written:
                cell["attachments"] = from_dict(held)
        cells += [cell, *extras[position]]
    notebook.cells = cells
    return notebook


def _extra(piece: Piece, number: int) -> NotebookNode:
    fields = {"source": piece.cell.source, "id": f"extra-{number}", "metadata": {"lifelong": {"extra": True}}}
    cell: NotebookNode
    if piece.cell.kind == "code":
        cell = new_code_cell(**fields)
    else:
        cell = new_markdown_cell(**fields) if piece.cell.kind == "markdown" else new_raw_cell(**fields)
    return cell


def _is_students(piece: Piece, own: NotebookNode) -> bool:
    """Whether a cell of the course's was open to the student, who changed it: then both versions are kept."""
    return grade_id(own) is None and contents(piece.cell.source, piece.cell.kind) != contents(own.source, own.cell_type)


def _own_repairs(pieces: list[Piece], assignment: Assignment) -> list[str]:
    """Which of the course's own cells were changed or deleted."""
    cells = assignment.release.cells
    needed = {*assignment.graded_cells.values(), *assignment.given_cells.values()}
    own = {piece.own: piece for piece in pieces if piece.own in needed}
    changed = [
        at
        for at, piece in own.items()
        if essence(piece.cell.source, cells[at].cell_type) != essence(cells[at].source, cells[at].cell_type)
    ]
    gone = [at for at in needed if at not in own and cells[at].cell_type == "code"]
    repairs = []
    if changed:
        repairs.append(f"Cells that the course gives had been changed; its own are used: {_listed(cells, changed)}.")
    if gone:
        repairs.append(f"Cells that the course gives were missing; its own are used: {_listed(cells, gone)}.")
    return repairs


def _listed(cells: list[NotebookNode], positions: Iterable[int]) -> str:
    """Their names, as many as a reader wants to read."""
    names = [grade_id(cells[at]) or f"cell {at + 1}" for at in sorted(positions)]
    return ", ".join(names) if len(names) <= 8 else f"{', '.join(names[:6])} and {len(names) - 6} more"


def _found_repairs(found: dict[str, Found]) -> list[str]:
    """How exercises were recognised, where that was not by their ids."""
    sentences = {
        Found.MARKER: "Exercises had lost their ids and were recognised by the line '# exercise: …': {}.",
        Found.DEFINITION: "Exercises were not in their own cells and were recognised by the names they define: {}.",
        Found.BESIDE: "Answers stood beside the cells for them, into which they were put: {}.",
        Found.MISSING: "The cells of exercises were missing; the course's untouched ones stand in their place: {}.",
    }
    repairs = []
    for how, sentence in sentences.items():
        exercises = [exercise for exercise, found_by in found.items() if found_by is how]
        if exercises:
            repairs.append(sentence.format("all" if len(exercises) == len(found) > 1 else ", ".join(exercises)))
    return repairs
