"""How alike the works of a class are: pieces of code that are neither the course's nor everybody's.

A piece is a run of symbols of ``normal``, all of which are counted (Schleimer, Wilkerson and Aiken, Winnowing: local
algorithms for document fingerprinting, SIGMOD 2003, the method of MOSS, with a window of one). Exercises of one
formula look alike in every class; so only code that few students share counts here, as in MOSS, which limits the
number of files in which a passage may occur.
"""

import math
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from autograder.handback.similar.normal import MOST_TOKENS, symbols

PIECE = 12
"""The length of a piece in symbols: a line or two."""
COMMON = 0.1
"""The share of the class beyond which a piece is everybody's."""
FEW = 3
"""In a class of any size, so many may share a piece."""
LEAST = 30
"""The least number of uncommon pieces that two works share: three or four lines."""
ALIKE = 0.35
"""The least share of the smaller work's uncommon pieces that two works have in common."""
MOST_PAIRS = 200
"""How many pairs are reported, the most alike: a person has to read them."""
BLOCK = 8_192
"""How many pieces are counted at a time, for memory."""
FACTOR = 0x9E3779B97F4A7C15
"""Of the pieces' polynomial hash, modulo 2**64."""

Pieces = NDArray[np.uint64]


@dataclass(frozen=True)
class Work:
    """A student's own code, cell by cell."""

    student: str
    cells: tuple[str, ...]

    @cached_property
    def code(self) -> str:
        """The cells, joined by blank lines."""
        return "\n\n".join(self.cells)


@dataclass(frozen=True)
class Pair:
    """Two works that are alike.

    Attributes:
        one, other: the works.
        share: how much of what is uncommon in the smaller one is in the other too, in (0, 1].
        pieces: how many uncommon pieces they share.
        one_lines, other_lines: the lines that hold these, counted from 0.
    """

    one: Work
    other: Work
    share: float
    pieces: int
    one_lines: frozenset[int]
    other_lines: frozenset[int]


@dataclass(frozen=True)
class Omission:
    """What was not compared: a student, and a sentence on why."""

    student: str
    reason: str


@dataclass(frozen=True)
class Resemblance:
    """What was found in a class.

    Attributes:
        compared: how many works were compared.
        groups: students whose code is the same apart from how it is written, largest group first.
        pairs: works that are alike but not the same, those first that share most of most; one of a group stands for it.
        left_out: how many more pairs are less alike than these.
        omissions: who could not be compared, or not on all of the work, in the order of the names.
    """

    compared: int
    groups: tuple[tuple[Work, ...], ...]
    pairs: tuple[Pair, ...]
    left_out: int = 0
    omissions: tuple[Omission, ...] = ()


def resemblance(works: Sequence[Work], given: Sequence[str] = (), omissions: Sequence[Omission] = ()) -> Resemblance:
    """Compare every work with every other; the course's own cells, ``given``, are nobody's."""
    courses = np.unique(_pieces(given)[0])
    same: defaultdict[bytes, list[Work]] = defaultdict(list)
    own: list[Pieces] = []
    omitted = list(omissions)
    for work in works:
        every, _, cut = _pieces(work.cells)
        pieces = np.setdiff1d(every, courses)
        if cut:
            omitted.append(Omission(work.student, f"Only its first {MOST_TOKENS:,} tokens were compared."))
        if len(pieces) < LEAST:
            omitted.append(Omission(work.student, "Too little code that is not the course's to be compared."))
            continue
        if pieces.tobytes() not in same:
            own.append(pieces)
        same[pieces.tobytes()].append(work)
    texts = [members[0] for members in same.values()]
    groups = sorted((tuple(members) for members in same.values() if len(members) > 1), key=len, reverse=True)
    rare = _uncommon(own)
    for members, pieces in zip(same.values(), rare, strict=True):
        if len(pieces) < LEAST and len(members) == 1:
            omitted.append(Omission(members[0].student, "Nearly all of its code is what many in the class wrote."))
    alike = _alike(rare)
    pairs = []
    for i, j, share in alike[:MOST_PAIRS]:
        one, other, shared = texts[i], texts[j], np.intersect1d(rare[i], rare[j])
        pairs.append(Pair(one, other, share, len(shared), _lines(one, shared), _lines(other, shared)))
    omitted.sort(key=lambda each: each.student)
    compared = sum(map(len, same.values()))
    return Resemblance(compared, tuple(groups), tuple(pairs), max(0, len(alike) - MOST_PAIRS), tuple(omitted))


def _uncommon(own: Sequence[Pieces]) -> list[Pieces]:
    """Of each work, the pieces that few others hold."""
    if not own:
        return []
    every, holders = np.unique(np.concatenate(own), return_counts=True)
    few = every[holders <= max(FEW, math.ceil(COMMON * len(own)))]
    return [np.intersect1d(pieces, few, assume_unique=True) for pieces in own]


def _alike(rare: Sequence[Pieces]) -> list[tuple[int, int, float]]:
    """Pairs of works that share uncommon pieces: positions and share, those that share most of most first."""
    sizes = np.array([len(pieces) for pieces in rare])
    shared = _shared(rare)
    smaller = np.minimum.outer(sizes, sizes)
    alike = np.triu((shared >= LEAST) & (shared >= ALIKE * smaller), 1)
    found = [(int(i), int(j), float(shared[i, j] / smaller[i, j])) for i, j in np.argwhere(alike)]
    return sorted(found, key=lambda each: (-each[2] * shared[each[:2]], each[:2]))


def _shared(rare: Sequence[Pieces]) -> NDArray[np.float32]:
    """How many of the pieces any two works share, [works, works]: who holds what, times its transpose."""
    shared = np.zeros((len(rare), len(rare)), dtype=np.float32)
    if not rare:
        return shared
    holder = np.repeat(np.arange(len(rare)), [len(pieces) for pieces in rare])
    _, piece, holders = np.unique(np.concatenate(rare), return_inverse=True, return_counts=True)
    order = np.argsort(piece, kind="stable")
    order = order[holders[piece[order]] > 1]
    number = np.cumsum(np.diff(piece[order], prepend=-1) > 0) - 1  # those with two holders or more, counted from 0
    for start in range(0, int(number[-1]) + 1 if len(number) else 0, BLOCK):
        here = slice(*np.searchsorted(number, [start, start + BLOCK]))
        holds = np.zeros((len(rare), BLOCK), dtype=np.float32)
        holds[holder[order[here]], number[here] - start] = 1
        shared += holds @ holds.T
    return shared


def _pieces(cells: Sequence[str]) -> tuple[Pieces, NDArray[np.int64], bool]:
    """The piece that begins at each symbol, the line of every symbol, and whether the cells were cut."""
    found, lines, cut = symbols(cells)
    number = {symbol: zlib.crc32(symbol.encode()) for symbol in set(found)}
    values = np.array([number[symbol] for symbol in found], dtype=np.uint64)
    length = max(0, len(values) - PIECE + 1)
    pieces = np.zeros(length, dtype=np.uint64)
    for offset in range(PIECE if length else 0):
        pieces = pieces * np.uint64(FACTOR) + values[offset : offset + length]
    return pieces, np.array(lines, dtype=np.int64), cut


def _lines(work: Work, shared: Pieces) -> frozenset[int]:
    """The lines of a work that hold these pieces."""
    pieces, lines, _ = _pieces(work.cells)
    starts = np.flatnonzero(np.isin(pieces, shared))
    edges = np.zeros(len(lines) + 1, dtype=np.int64)
    np.add.at(edges, starts, 1)
    np.add.at(edges, starts + PIECE, -1)
    return frozenset(lines[np.cumsum(edges[:-1]) > 0].tolist())
