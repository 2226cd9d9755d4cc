"""How alike the works of a class are: copydetect's fingerprints of what is neither the course's nor everybody's.

copydetect replaces every name by a letter and fingerprints all pieces of the remaining text (Schleimer, Wilkerson and
Aiken, Winnowing: local algorithms for document fingerprinting, SIGMOD 2003, the method of MOSS): other names, comments
and spaces change nothing. Exercises of one formula look alike in every class; so only code that few students share
counts here, as in MOSS, which limits the number of files in which a passage may occur.
"""

import copy
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

import numpy as np
from copydetect import CodeFingerprint, compare_files
from copydetect.utils import get_token_coverage
from numpy.typing import NDArray

PIECE = 25
"""The length of a fingerprinted piece, in characters after names were replaced: copydetect's own noise threshold."""
COMMON = 0.1
"""The share of the class beyond which a piece is everybody's."""
FEW = 3
"""In a class of any size, so many may share a piece."""
LEAST = 100
"""The least number of uncommon pieces that two works share: three or four lines."""
ALIKE = 0.3
"""The least share of the smaller work's uncommon pieces that two works have in common."""
MOST_PAIRS = 200
"""How many pairs are reported, the most alike: a person has to read them."""
BLOCK = 8_192
"""How many pieces are counted at a time, for memory."""


@dataclass(frozen=True)
class Work:
    """A student's own code."""

    student: str
    code: str


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
class Resemblance:
    """What was found in a class.

    Attributes:
        compared: how many works were compared.
        groups: students whose code is the same apart from names, comments and spaces, largest group first.
        pairs: works that are alike but not the same, those first that share most of most; one of a group stands for it.
        left_out: how many more pairs are less alike than these.
    """

    compared: int
    groups: tuple[tuple[Work, ...], ...]
    pairs: tuple[Pair, ...]
    left_out: int = 0


def resemblance(works: Sequence[Work], given: str = "") -> Resemblance:
    """Compare every work with every other.

    Args:
        works: the class.
        given: the course's own code, which is nobody's.
    """
    courses = set(_pieces(given).tolist())
    same: defaultdict[str, list[Work]] = defaultdict(list)
    own: list[NDArray[np.int64]] = []
    for work in works:
        tokens = _fingerprint(work.code)
        pieces = np.array(sorted(each for each in tokens.hashes if each not in courses), dtype=np.int64)
        if len(pieces) < LEAST:
            continue
        if tokens.filtered_code not in same:
            own.append(pieces)
        same[tokens.filtered_code].append(work)
    texts = [members[0] for members in same.values()]
    groups = sorted((tuple(members) for members in same.values() if len(members) > 1), key=len, reverse=True)
    alike = _alike(own)
    pairs = [_pair(texts[i], texts[j], share, shared) for i, j, share, shared in alike[:MOST_PAIRS]]
    compared = sum(map(len, same.values()))
    return Resemblance(compared, tuple(groups), tuple(pairs), max(0, len(alike) - MOST_PAIRS))


def _alike(own: Sequence[NDArray[np.int64]]) -> list[tuple[int, int, float, NDArray[np.int64]]]:
    """Pairs of works that share uncommon pieces: positions, share and pieces, those that share most of most first."""
    most = max(FEW, math.ceil(COMMON * len(own)))
    counts = Counter(piece for pieces in own for piece in pieces.tolist())
    rare = [np.array([each for each in pieces.tolist() if counts[each] <= most], dtype=np.int64) for pieces in own]
    sizes = np.array([len(pieces) for pieces in rare])
    shared = _shared(rare, np.array(sorted(piece for piece, number in counts.items() if 1 < number <= most)))
    smaller = np.minimum.outer(sizes, sizes)
    alike = np.triu((shared >= LEAST) & (shared >= ALIKE * smaller), 1)
    found = [
        (int(i), int(j), float(shared[i, j] / smaller[i, j]), np.intersect1d(rare[i], rare[j]))
        for i, j in np.argwhere(alike)
    ]
    return sorted(found, key=lambda each: (-each[2] * len(each[3]), each[:2]))


def _shared(rare: Sequence[NDArray[np.int64]], pieces: NDArray[np.int64]) -> NDArray[np.float32]:
    """How many of the pieces any two works share, [works, works]: who holds what, times its transpose."""
    shared = np.zeros((len(rare), len(rare)), dtype=np.float32)
    for start in range(0, len(pieces), BLOCK):
        block = pieces[start : start + BLOCK]
        holds = np.array([np.isin(block, own, assume_unique=True) for own in rare], dtype=np.float32)
        shared += holds @ holds.T
    return shared


def _pair(one: Work, other: Work, share: float, shared: NDArray[np.int64]) -> Pair:
    pieces = frozenset(shared.tolist())
    first, second = (_only(_fingerprint(work.code), pieces) for work in (one, other))
    _, _, (here, there) = compare_files(first, second)
    return Pair(one, other, share, len(pieces), _lines(one.code, here), _lines(other.code, there))


def _fingerprint(code: str) -> Any:
    """copydetect's fingerprint of every piece: with a window of 1 none is left out, so that each run finds the same."""
    return CodeFingerprint("work.py", PIECE, 1, language="python", fp=StringIO(code))


def _pieces(code: str) -> NDArray[np.int64]:
    return np.array(sorted(_fingerprint(code).hashes), dtype=np.int64)


def _only(fingerprint: Any, pieces: frozenset[int]) -> Any:
    """A fingerprint reduced to some pieces.

    copydetect 0.5's own way to leave boilerplate out also leaves out what occurs twice in one file; and it loses count
    of what the names of classes were shortened by, which moves the passages after them.
    """
    reduced = copy.copy(fingerprint)
    reduced.hash_idx = {piece: places for piece, places in fingerprint.hash_idx.items() if piece in pieces}
    reduced.hashes = set(reduced.hash_idx)
    reduced.token_coverage = get_token_coverage(reduced.hash_idx, PIECE, len(reduced.filtered_code))
    if len(reduced.offsets):
        reduced.offsets = np.maximum.accumulate(reduced.offsets, axis=0)
    return reduced


def _lines(code: str, slices: NDArray[np.int64]) -> frozenset[int]:
    """The lines of code that hold passages; lines with nothing but a comment are left out."""
    if not slices.size:
        return frozenset()
    lines = code.split("\n")
    ends = np.cumsum([len(line) + 1 for line in lines])
    found: set[int] = set()
    for start, end in slices.T:
        first, last = np.searchsorted(ends, [start, max(start, end - 1)], side="right")
        found.update(range(int(first), min(int(last) + 1, len(lines))))
    return frozenset(at for at in found if lines[at].strip() and not lines[at].lstrip().startswith("#"))
