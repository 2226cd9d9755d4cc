"""Which cell of a submission is which cell of the assignment: by grade_id, by marker, by what it defines."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from autograder.course.assignment import Assignment
from autograder.course.cell_text import defined_names, essence, markers, wording
from autograder.course.source import grade_id
from autograder.ingest.read import StudentCell

_COMMENTED = re.compile(
    r"^#[ \t]*(?=<!--[ \t]*exercise[ \t]*:[ \t]*([\w-]+)[ \t]*-->[ \t]*$)[^\n]*(?:\n#[^\n]*)*", re.MULTILINE
)
"""A written answer's marker and what stands below it, where a script has text cells as comments."""
_HASH = re.compile(r"^#[ \t]?", re.MULTILINE)
_BADGE = "colab.research.google.com/assets/colab-badge.svg"


class Found(StrEnum):
    """By what an exercise was recognised."""

    GRADE_ID = "grade_id"
    MARKER = "marker"
    DEFINITION = "definition"
    BESIDE = "beside"
    MISSING = "missing"


@dataclass
class Piece:
    """A cell of a submission, or a part of one that held several exercises.

    Attributes:
        cell: kind, source and ids.
        names: the exercises of which it defines a name.
        exercise: the exercise whose solution cell it is, if any.
        own: the position in the release of the course's own cell (given or graded) that it is, if any.
        found: by what ``exercise`` was recognised.
        used: whether its text has gone into a solution cell, or is none that matters.
    """

    cell: StudentCell
    names: frozenset[str] = frozenset()
    exercise: str | None = None
    own: int | None = None
    found: Found = Found.MISSING
    used: bool = False


@dataclass
class Index:
    """What cells of a submission are looked up in: the release by id, by contents, by defined name."""

    assignment: Assignment
    exercises: dict[str, str] = field(init=False)
    stubs: dict[str, str] = field(init=False)
    asked: frozenset[str] = field(init=False)  # the exercises but for the quiz's questions
    own_ids: dict[str, int] = field(init=False)
    own_contents: dict[tuple[str, str], int] = field(init=False)
    own_code: set[str] = field(init=False)

    def __post_init__(self) -> None:
        cells = self.assignment.release.cells
        solutions = self.assignment.solution_cells
        self.exercises = {name: exercise for exercise, names in self.assignment.defines.items() for name in names}
        self.stubs = {exercise: self.essence(cells[at].source, exercise) for exercise, at in solutions.items()}
        self.asked = frozenset(exercise for exercise in solutions if not exercise.startswith("quiz-"))
        positions = set(solutions.values())
        self.own_ids, self.own_contents, self.own_code = {}, {}, set()
        for at, cell in enumerate(cells):
            if at not in positions:
                for identity in (cell.get("id"), grade_id(cell)):
                    if identity:
                        self.own_ids[identity] = at
                self.own_contents.setdefault(contents(cell.source, cell.cell_type), at)
                if cell.cell_type == "code":
                    self.own_code.add(cell.source.strip("\n"))

    def is_text(self, exercise: str) -> bool:
        """Whether the course's own cell for it is no code."""
        return bool(self.assignment.release.cells[self.assignment.solution_cells[exercise]].cell_type != "code")

    def essence(self, source: str, exercise: str) -> str:
        """What is equal for equal solutions of an exercise; of a written answer every word."""
        return wording(source) if exercise in self.assignment.written else essence(source)

    def names(self, source: str) -> frozenset[str]:
        """The exercises of which a source defines a name."""
        return frozenset(self.exercises[name] for name in defined_names(source) if name in self.exercises)

    def known_markers(self, source: str) -> list[tuple[str, int]]:
        """The exercise markers in a source, each exercise once."""
        first: dict[str, int] = {}
        for exercise, offset in markers(source):
            if exercise in self.stubs:
                first.setdefault(exercise, offset)
        return list(first.items())


def match(cells: Sequence[StudentCell], index: Index) -> list[Piece]:
    """The submission's cells, cut where several exercises stand in one, each recognised if it can be.

    Colab's badge and blank cells are left out. What is recognised here is sure: its id or its marker says so. What
    only defines an exercise's names is left to the caller, who knows which exercises are still wanting.
    """
    pieces: list[Piece] = []
    for cell in cells:
        for part in (part for each in _uncommented(cell, index) for part in _cut(each, index)):
            if not part.source.strip() or (part.kind == "markdown" and _BADGE in part.source):
                continue
            piece = _claim(part, index)
            if pieces and pieces[-1].exercise and _continues(piece, pieces[-1], index):
                piece.exercise, piece.found = pieces[-1].exercise, pieces[-1].found
            pieces.append(piece)
    _claim_redefinitions(pieces, index)
    return pieces


def _claim_redefinitions(pieces: list[Piece], index: Index) -> None:
    """A given cell that is nowhere to be found is the one that defines the same names, changed and without its id."""
    seen = {piece.own for piece in pieces}
    cells = index.assignment.release.cells
    wanted = {
        frozenset(names): at
        for at in index.assignment.given_cells.values()
        if at not in seen and cells[at].cell_type == "code" and (names := defined_names(cells[at].source))
    }
    for piece in pieces if wanted else []:
        if piece.exercise is None and piece.own is None and piece.cell.kind == "code":
            piece.own = wanted.get(frozenset(defined_names(piece.cell.source)))


def contents(source: str, kind: str) -> tuple[str, str]:
    """What two cells have in common that say the same."""
    return kind, essence(source, kind) or "".join(source.split())


def _continues(piece: Piece, before: Piece, index: Index) -> bool:
    """Whether a cell is the rest of the one before: it was split inside a class, or between what it defines."""
    if piece.exercise is not None or piece.own is not None or piece.cell.kind != "code":
        return False
    if piece.cell.source[:1] in (" ", "\t"):
        return True
    wanted = index.assignment.defines[before.exercise or ""]
    there, here = (defined_names(each.cell.source) & wanted for each in (before, piece))
    return piece.names == {before.exercise} and bool(there) and not here & there


def _uncommented(cell: StudentCell, index: Index) -> Iterator[StudentCell]:
    """A cell of code in which written answers stand as comments, as scripts have them, cut before and below each."""
    start = 0
    for found in _COMMENTED.finditer(cell.source) if cell.kind == "code" else ():
        if found[1] in index.assignment.written:
            yield replace(cell, source=cell.source[start : found.start()].strip("\n"))
            yield StudentCell("markdown", _HASH.sub("", found[0]))
            start, cell = found.end(), replace(cell, grade_id=None, ids=())
    yield replace(cell, source=cell.source[start:].strip("\n")) if start else cell


def _cut(cell: StudentCell, index: Index) -> Iterator[StudentCell]:
    """A cell that was merged from several, cut before each exercise's marker."""
    if not cell.whole and cell.kind == "code":
        for source in _apart([cell.source], index):
            yield from _cut(replace(cell, source=source, whole=True), index)
        return
    written = index.assignment.written
    named = [each for each in index.known_markers(cell.source) if cell.kind == "code" or each[0] in written]
    home = cell.grade_id if cell.grade_id in index.stubs else None
    if not named:
        yield cell
        return
    preamble = cell.source[: named[0][1]]
    foreign = cell.grade_id is not None and cell.grade_id != named[0][0]
    # A marker that was edited does not make two cells of one; a second exercise before it, or a given cell, does.
    merged = len(named) > 1 or (foreign and (home is None or home in index.names(preamble)))
    if not merged:
        yield cell
        return
    start = 0
    if cell.grade_id != named[0][0]:
        yield replace(cell, source=preamble.strip("\n"))
        start = named[0][1]
    ends = [offset for _, offset in named[1:]] + [len(cell.source)]
    for (exercise, _), end in zip(named, ends, strict=True):
        source = cell.source[start:end].strip("\n")
        yield StudentCell(cell.kind, source, exercise if exercise == home else None)
        start = end


def _apart(parts: list[str], index: Index) -> list[str]:
    """The cells of a script that does not say where they end: the course's own, and where a magic or a marker begins one."""
    for own in sorted(index.own_code, key=len, reverse=True):
        pattern = re.compile(rf"(?:\A|(?<=\n\n))({re.escape(own)})(?=\n\n|\n?\Z)")
        parts = [piece for part in parts for piece in ([part] if part in index.own_code else pattern.split(part))]
    return [cut for part in parts for cut in re.split(r"(?<!\n)\n\n+(?=%%\w|#[ \t]*exercise[ \t]*:)", part.strip("\n"))]


def _claim(cell: StudentCell, index: Index) -> Piece:
    """What a cell is, by its ids, its marker, or the sameness of its contents with a cell of the course's."""
    names = index.names(cell.source)
    named = [exercise for exercise, _ in index.known_markers(cell.source)]
    # In Markdown code's marker is a heading that anyone may write; only beside the code itself does it count.
    written = index.assignment.written
    marker = named[0] if named and (cell.kind == "code" or named[0] in names | written) else None
    home = cell.grade_id if cell.grade_id in index.stubs else next((each for each in cell.ids if each in written), None)
    if home and (marker in (None, home) or home in names or marker not in names):
        return Piece(cell, names, home, found=Found.GRADE_ID)
    if marker:
        return Piece(cell, names, marker, found=Found.MARKER)
    own = _own(cell, index)
    # Where a solution was written into a cell of the course's, it is the student's cell that it stands in.
    if own is not None and names <= index.names(index.assignment.release.cells[own].source):
        return Piece(cell, names, own=own)
    return Piece(cell, names)


def _own(cell: StudentCell, index: Index) -> int | None:
    """Which of the course's own cells this is, if any: by grade_id, else by its contents, else by the cell's id."""
    same = index.own_contents.get(contents(cell.source, cell.kind))
    for own in (index.own_ids.get(cell.grade_id or ""), same, *(index.own_ids.get(identity) for identity in cell.ids)):
        if own is not None:
            return own
    return None


def choose(pieces: Sequence[Piece], index: Index, exercise: str) -> tuple[list[Piece], str]:
    """Of the cells that are one exercise's, those that make its solution, and what was done, as a sentence.

    Untouched stubs give way to a cell that was worked on. Cells that define different names were one cell once and
    are joined, as are those of a written answer; of those that define the same, the last that defines most counts, as
    it does when they are run.
    """
    worked: dict[str, Piece] = {}
    for piece in pieces:
        content = index.essence(piece.cell.source, exercise)
        if content not in (index.stubs[exercise], "" if exercise in index.assignment.written else None):
            worked.pop(content, None)
            worked[content] = piece
    found = list(worked.values())
    if len(found) < 2:
        several = f"Exercise {exercise} stood in several cells; the one that was worked on is graded."
        return found, several if found and len(pieces) > 1 else ""
    wanted = index.assignment.defines[exercise]
    defined = [defined_names(piece.cell.source) & wanted for piece in found]
    parts = all(names or piece.cell.source[:1].isspace() for names, piece in zip(defined, found, strict=True))
    if exercise in index.assignment.written or (parts and sum(map(len, defined)) == len(set().union(*defined))):
        return found, f"Exercise {exercise} was split over {len(found)} cells; they were joined."
    best = max(range(len(found)), key=lambda at: (len(defined[at]), at))
    return [found[best]], f"Exercise {exercise} stood in {len(found)} different cells; the last of them is graded."


def in_order(pieces: Sequence[Piece], at: int, position: int, index: Index) -> bool:
    """Whether putting the piece ``at`` at a position of the release would move it past no recognised cell."""
    before = next((spot for piece in reversed(pieces[:at]) if (spot := place(piece, index)) is not None), -1)
    after = next((spot for piece in pieces[at + 1 :] if (spot := place(piece, index)) is not None), position)
    return before < position <= after


def place(piece: Piece, index: Index) -> int | None:
    """The position in the release of the cell that a piece is, or None for an extra one."""
    return index.assignment.solution_cells[piece.exercise] if piece.exercise is not None else piece.own


def by_exercise(pieces: Sequence[Piece]) -> dict[str, list[Piece]]:
    """The pieces that are solution cells, by exercise, in the submission's order."""
    grouped: defaultdict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.exercise is not None:
            grouped[piece.exercise].append(piece)
    return dict(grouped)
