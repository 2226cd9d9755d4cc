"""The bank of sample implementations: wrong ones that must be caught and named, right ones that must get full marks."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, count, takewhile, zip_longest
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from autograder.course.assignment import Assignment
from autograder.course.cell_text import markers
from autograder.course.course import CourseError

SOLUTION, BARE = "solution", "bare"
"""The names by which an edit calls the solution, and the solution without its docstrings and its marker line."""

EVERY_STYLE, ABOVE = "*", "^"
BETWEEN = "\n# ...\n"
"""Stands between two edits of one sample."""

NAME, PIECE = "  # ", "# ~ "
"""Stand before a sample's name in a table, and before an edit of a piece of a line."""


class Kind(StrEnum):
    """What a sample must get."""

    MISTAKE = "mistake"  # loses marks, and is named
    STYLE = "style"  # full marks
    NOTHING = "nothing"  # no marks at all


@dataclass(frozen=True)
class Sample:
    """An implementation of an exercise, in place of its solution cell; its name is the mistake's, or on the style."""

    exercise: str
    kind: Kind
    name: str
    source: str


def samples(assignment: Assignment) -> list[Sample]:
    """All samples of an assignment, from ``bank/EXERCISE.py`` (jupytext percent).

    Each cell's header says what it is: ``# %% mistake="squared-batch-mean"``, ``# %% style="vmap"`` or
    ``# %% nothing="zeros"``. With ``of="NAME"`` as well, the cell holds edits of an earlier sample of that name, of the
    ``solution``, or of the ``bare`` solution: the old lines behind ``# -``, the new ones behind ``# +``, those that stay
    behind ``#`` and three spaces, and ``# ...`` between two edits. Where a name occurs again, ``NAME 2`` is the second;
    ``EXERCISE/NAME`` is a sample of an earlier file. ``of="*"`` makes a sample of every earlier style in which the old
    lines, and those that stay, occur. ``of="^"`` edits what the sample above it edits, and where: it has new lines only.
    ``# %% mistakes of="NAME"`` (``styles``, ``nothings``) heads a table of samples: the new lines of each end with two
    spaces and ``# its name``, or ``# its name of="NAME"`` where it edits another; of several, lines that go stand once.
    ``# ~ OLD => NEW`` edits a piece of a line, which must occur once: several such lines are several edits. Samples with
    pieces give no old lines to those below them, and take none from above.

    Raises:
        CourseError: a header says none of these, or an edit does not fit.
    """
    found: list[Sample] = []
    earlier: dict[str, str] = {}
    for path in sorted(assignment.course.bank(assignment.name).glob("*.py")):
        try:
            lines = assignment.solved.get(path.stem, "").split("\n")  # without nbgrader's marks
            solution = "\n".join(line for line in lines if "## BEGIN SOL" not in line and "## END SOL" not in line)
            found += _read(path, solution, earlier)
        except ValueError as error:
            raise CourseError(f"{path}: {error}") from None
    return found


def samples_of(assignment: Assignment, exercise: str) -> dict[str, Sample]:
    """The samples of one exercise by name; where a name occurs again, ``NAME 2`` is the second.

    Raises:
        CourseError: the exercise has no bank; the message lists those that have one.
    """
    bank = samples(assignment)
    named: dict[str, Sample] = {}
    for sample in bank:
        if sample.exercise == exercise:
            named[_unused(sample.name, named)] = sample
    if not named:
        known = ", ".join(dict.fromkeys(sample.exercise for sample in bank))
        raise CourseError(f"{assignment.name} has no bank for {exercise!r}; it has them for: {known}.")
    return named


def _read(path: Path, solution: str, earlier: dict[str, str]) -> Iterator[Sample]:
    """The samples of one file; notes their sources among those of the earlier files, as ``EXERCISE/NAME``."""
    named = {**earlier, SOLUTION: solution, BARE: _bare(solution)}
    styles: list[str] = []
    above: tuple[str | None, str] = None, ""  # what the last sample is an edit of, and its old lines
    for cell in jupytext.read(path, fmt="py:percent").cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        kind, of, text = _kind(cell), cell.metadata.get("of"), cell.source
        if of == ABOVE and above[0] is not None:
            of, text = above[0], above[1] + text
        alone = kind in cell.metadata
        for name, edits, base in [(str(cell.metadata[kind]), text, of)] if alone else _rows(text, of):
            if base == EVERY_STYLE:
                sources = [edited(style, edits) for style in styles if fits(style, edits)]
                if not sources:
                    raise ValueError(f'{name!r} of="*" fits no style above it')
            elif base is None and alone:
                sources = [edits]
            elif base in named:
                sources = [edited(named[base], edits)]
            else:
                raise ValueError(f"{name!r} is an edit of {base!r}, of which there is none above it")
            styles += sources if kind is Kind.STYLE else []
            for source in sources:
                key = _unused(name, named)
                named[key] = earlier[f"{path.stem}/{key}"] = source
                yield Sample(path.stem, kind, name, source)
            if PIECE not in edits:
                above = base, "".join(f"{line}\n" for line in edits.split("\n") if line.startswith("# -"))


def _kind(cell: NotebookNode) -> Kind:
    """What a cell's samples must get, by its header."""
    kinds = [kind for kind in Kind if kind in cell.metadata or cell.metadata.get("title") == f"{kind}s"]
    if len(kinds) != 1:
        raise ValueError(f"a cell's header must say one of mistake, style, nothing:\n{cell.source[:200]}")
    return kinds[0]


def _rows(table: str, base: str | None) -> Iterator[tuple[str, str, str | None]]:
    """Name, edits and base of each sample of a table; an edit without lines that go takes those of the row above."""
    row, gone = [list[str]()], list[list[str]]()
    for line in table.split("\n"):
        code, mark, name = line.rpartition(NAME) if line.startswith(("# +", PIECE)) else (line, "", "")
        if line == BETWEEN.strip():
            row.append([])
            continue
        if code.startswith("# -") and row[-1] and row[-1][-1].startswith("# +"):
            break
        if not mark or code.rstrip() != "# +":
            row[-1].append(code.rstrip() if mark else line)
        if mark:
            if not any(each.startswith(PIECE) for edit in row for each in edit):
                own = [list(takewhile(lambda each: not each.startswith("# +"), edit)) for edit in row]
                gone = [old or above for old, above in zip_longest(own, gone, fillvalue=list[str]())][: len(row)]
                row = [edit if old else above + edit for edit, old, above in zip(row, own, gone, strict=True)]
            name, _, other = name.removesuffix('"').partition(' of="')
            yield name, BETWEEN.join("\n".join(edit) for edit in row), other or base
            row = [[]]
    if row != [[]]:
        raise ValueError(f"the new lines of each sample in a table must end with its name:\n{table[:200]}")


def edited(source: str, edits: str) -> str:
    """A source after all edits of a cell.

    Raises:
        ValueError: what an edit replaces does not occur exactly once.
    """
    for old, new in _pairs(edits):
        text = f"\n{source}\n"
        if text.count(old) != 1:
            raise ValueError(f"this should occur once, but occurs {text.count(old)} times:\n{old.strip()}")
        source = text.replace(old, new)[1:-1]
    return source


def fits(source: str, edits: str) -> bool:
    """Whether all edits of a cell can be made in a source."""
    try:
        return edited(source, edits) != source
    except ValueError:
        return False


def _pairs(edits: str) -> Iterator[tuple[str, str]]:
    """The old and the new text of each edit: a piece, or whole lines with the line breaks around them."""
    for edit in edits.split(BETWEEN):
        lines = edit.split("\n")
        if PIECE in edit:
            pieces = re.findall("(?m)^# ~ (.+?) =>(?: |$)(.*)$", edit)
            if len(pieces) != len(lines):
                raise ValueError(f"an edit of pieces should have lines '# ~ OLD => NEW' only:\n{edit}")
            yield from pieces
            continue
        old, new = ("\n".join(line[4:] for line in lines if line[:3] in (mark, "#  ")) for mark in ("# -", "# +"))
        yield f"\n{old}\n", f"\n{new}\n" if new else "\n"


def _unused(name: str, taken: Collection[str]) -> str:
    names = chain([name], (f"{name} {number}" for number in count(2)))
    return next(each for each in names if each not in taken)


def _bare(source: str) -> str:
    """A solution cell's source without its docstrings and its line ``# exercise: ID``."""
    gone: set[int] = set()
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a magic
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) and len(node.body) > 1:
            gone |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = enumerate(source.split("\n"), start=1)
    return "\n".join(line for at, line in lines if at not in gone and not markers(line)).strip("\n")
