"""Races: two threads touch the same cell, one of them writes, and nothing orders them.

What orders two accesses within a launch is a barrier, for threads of the same block, or that both are atomic. This
looks at all accesses afterwards, so it finds a race whether or not it did harm in the order in which the threads ran.
Threads that order plain accesses by atomics on a flag are accused all the same: on a GPU that needs fences, too.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lifelong.cuda.finding import Finding, Kind, likewise
from lifelong.cuda.memory import ATOMIC, READ, WRITE, Array
from lifelong.cuda.trace import Log, Trace

MOST_GROUPS = 2000
"""Conflicts that are looked at one by one for the pair of threads to name; all are counted."""

Ints = NDArray[np.int64]

SAME, MIXED, DIFFERENT = 0, 1, 2
"""Two writes of one value; a write and something else; two writes of two values."""


@dataclass
class Conflict:
    """The races of one pair of lines: the two accesses to name, how bad they are, and all cells concerned."""

    one: int
    two: int
    badness: int
    cells: set[int] = field(default_factory=set)


def races(launch: Trace) -> list[Finding]:
    """One finding for each array and pair of lines that race."""
    merged: dict[tuple[str, int], tuple[str, Array, Log]] = {}  # a shared array is one, whatever the block
    for name, array, log in launch.logs():
        key = (name, 0 if array.shared else id(array))
        merged[key] = (name, array, merged[key][2] + log if key in merged else log)
    return [finding for name, array, log in merged.values() if log for finding in _of_array(launch, name, array, log)]


def _of_array(launch: Trace, name: str, array: Array, log: Log) -> list[Finding]:
    table = np.array(list(zip(*log, strict=True))[:5], dtype=np.int64).T
    cell, thread, epoch, kind = table[:, 0], table[:, 1], table[:, 2], table[:, 3]
    if not (kind != READ).any():
        return []
    block = thread // launch.threads_per_block
    groups = _groups([cell, block, epoch], thread, kind)
    if not array.shared:
        groups += _groups([cell], block, kind)
    found: dict[tuple[int, ...], Conflict] = {}
    for group, who in groups[:MOST_GROUPS]:
        for one, two in _pairs(table, group, who):
            same = kind[one] == kind[two] == WRITE and log[one][5] == log[two][5]
            badness = SAME if same else DIFFERENT if kind[one] == kind[two] else MIXED
            lines = tuple(sorted((int(table[one, 4]), int(table[two, 4]))))
            known = found.setdefault(lines, Conflict(one, two, badness))
            if badness > known.badness:
                known.one, known.two, known.badness = one, two, badness
            known.cells.add(int(cell[one]))
    harmful = {each for conflict in found.values() if conflict.badness for each in conflict.cells}
    worth = [conflict for conflict in found.values() if conflict.badness or not conflict.cells & harmful]
    if len(worth) == 1:
        worth[0].cells |= {int(cell[group[0]]) for group, _ in groups}
    return [_finding(launch, name, array, table, conflict) for conflict in worth]


def _groups(keys: list[Ints], who: Ints, kind: Ints) -> list[tuple[Ints, Ints]]:
    """The accesses in groups of equal keys in which different ``who`` conflict, each sorted by ``who``; and ``who``."""
    order = np.lexsort([who, *reversed(keys)])
    new = np.zeros(len(order), dtype=bool)
    new[0] = True
    for key in keys:
        new[1:] |= np.diff(key[order]) != 0
    starts = np.flatnonzero(new)
    several = np.maximum.reduceat(who[order], starts) != np.minimum.reduceat(who[order], starts)
    kinds = (kind[order] == which for which in (WRITE, ATOMIC, READ))
    writes, atomics, reads = (np.maximum.reduceat(each.astype(np.int64), starts) > 0 for each in kinds)
    conflicts = np.flatnonzero(several & (writes | (atomics & reads)))
    ends = np.append(starts[1:], len(order))
    return [(order[starts[at] : ends[at]], who) for at in conflicts]


def _pairs(table: Ints, group: Ints, who: Ints) -> list[tuple[int, int]]:
    """Pairs of accesses of one group that race, at most one for each two kinds and lines; low threads first."""
    samples: dict[tuple[int, int], list[int]] = {}  # by kind and line: the first access, and the first by another
    for at in group.tolist():
        known = samples.setdefault((int(table[at, 3]), int(table[at, 4])), [])
        if not known or (len(known) == 1 and who[known[0]] != who[at]):
            known.append(at)
    pairs = []
    for (kind, line), ones in samples.items():
        for (other_kind, other_line), others in samples.items():
            if kind == READ or (kind == other_kind == ATOMIC) or (kind == other_kind and line > other_line):
                continue
            racing = [(one, two) for one in ones for two in others if who[one] != who[two]]
            pairs += racing[:1]
    return pairs


def _finding(launch: Trace, array_name: str, array: Array, table: Ints, conflict: Conflict) -> Finding:
    """The conflict in words."""
    words = {READ: "reads", WRITE: "writes", ATOMIC: "atomically updates"}
    one, two = conflict.one, conflict.two
    index = array.unravel(int(table[one, 0]))
    cell = f"{'shared ' if array.shared else ''}{array_name}[{', '.join(map(str, index))}]"
    places = (launch.place(int(table[one, 1])), launch.place(int(table[two, 1])))
    (line, other_line), (kind, other_kind) = table[[one, two], 4].tolist(), table[[one, two], 3].tolist()
    lines = f"line {line}" if line == other_line else f"lines {line} and {other_line}"
    if kind == other_kind:
        what = f"{places[0]} and {places[1]} both write {cell}"
    else:
        what = f"{places[0]} {words[kind]} {cell}, and {places[1]} {words[other_kind]} it"
    if conflict.badness == SAME:
        text = f"{what}, the same value twice ({lines}): one thread a cell is enough; do both compute the same index?"
    elif places[0].block == places[1].block:
        text = f"{what}, and nothing says who comes first ({lines}): put a syncthreads() between, or use an atomic"
    else:
        text = f"{what}, and blocks run in any order ({lines}): no barrier orders them, so use an atomic, or a cell for each block"
    count = len(conflict.cells)
    found, said = Kind.DOUBLE_WRITE if conflict.badness == SAME else Kind.RACE, f"{text}{likewise(count, 'cell')}."
    return Finding(found, f"{launch.kernel}: {said}", launch.kernel, array_name, index, places, line, count)
