"""Time what reads a student's bytes on ever larger hostile inputs, up to the largest that its limits let through."""

import gc
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from rich.table import Table

from autograder.course.assignment import Assignment
from autograder.ingest import Ungradable, ingest
from autograder.sandbox.inside.wire import LENGTH, WireError, pack, unpack

Family = tuple[Callable[[int], bytes], int]
"""Size → input, and the largest size."""

STEEP = 1.5
"""Time that grows with more than this power of the size is a fault, where it also takes longer than SLOW seconds."""
SLOW = 1.0


def _cells(sources: Sequence[str], **more: Any) -> bytes:
    cells = [{"cell_type": "code", "metadata": more, "source": source} for source in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def _spread(text: str, size: int) -> list[str]:
    """The text repeated to so many characters, in cells as long as cells may be."""
    each, cells = 99_000 // len(text), max(1, size // 99_000)
    return [text * min(each, size // len(text))] * cells


def notebook_families(assignment: Assignment) -> dict[str, Family]:
    """Name → (size → file, the largest size that ingest's own limits let through)."""
    exercises = list(assignment.solution_cells)
    names = [next(iter(sorted(assignment.defines[each]))) for each in exercises]
    lines = {
        "marker lines": f"# exercise: {exercises[0]}\n",
        "definitions": f"def {names[0]}(): pass\n",
        "chained assignments": "a = " * 490 + "\n",
        "comma lists": "a, " * 660 + "\n",
        "one long name": "a" * 1990 + " !\n",
        "triple quotes": "\"\"\"'''",
        "blanks": " ",
        "tabs and newlines": "\t\n",
        "form hints": "x = 1 #@param " + "# @param" * 20 + "\n",
        "script headers": "# %%\nx\n",
        "comment characters": "#" * 1990 + "\n",
        "carriage returns": "\r",
        "NUL": "\x00",
        "lone surrogates": "\ud800",
    }
    first, identity = f"# exercise: {exercises[0]}", {"grade_id": exercises[0]}
    sources: dict[str, tuple[Callable[[int], str], int]] = {
        "cells of one exercise": (lambda i: f"{first}\nx = {i}", 2000),
        "cells that define one name": (lambda i: f"def {names[0]}(): {i}", 2000),
        "cells that define each a name": (lambda i: f"{names[i % len(names)]} = {i}", 2000),
        "cells that define every name": (lambda i: "\n".join(f"{name} = {i}" for name in names), 400),
        "cells with every marker": (lambda i: "\n".join(f"# exercise: {each}\n{i}" for each in exercises), 400),
    }

    def one_text(text: str) -> Family:
        return lambda size: _cells(_spread(text, size)), 1_000_000

    def pictures(names: Sequence[str], data: str = "") -> bytes:
        text, attached = map("![](attachment:{})".format, names), {each: {"image/png": each + data} for each in names}
        return json.dumps({"cells": [{"source": "".join(text), "attachments": attached}]}).encode()

    def many_cells(source: Callable[[int], str], largest: int) -> Family:
        return lambda n: _cells([source(i) for i in range(n)]), largest

    return {
        **{name: one_text(text) for name, text in lines.items()},
        **{name: many_cells(*family) for name, family in sources.items()},
        "cells with one grade_id": (lambda n: _cells([f"{i}" for i in range(n)], nbgrader=identity), 2000),
        "indented rests of cells": (lambda n: _cells([first, *(f"  {i}" for i in range(n - 1))]), 2000),
        "script of empty cells": (lambda n: b"# %%\n" * (n // 5), 19_000_000),
        "script of comments": (lambda n: b"# a\n" * (n // 4) + b"# %%\nx", 19_000_000),
        "script of notes": (lambda n: b"# In[ " * (n // 6) + b"\n# %%\nx", 19_000_000),
        "script of one long gap": (lambda n: b"x" + b"\n" * n + f"x\n{first}".encode(), 99_000),
        "one picture, often": (lambda n: pictures(["a"] * (n // 34), "A" * (n // 2)), 19_000_000),
        "many pictures": (lambda n: pictures([str(at) for at in range(n // 70)]), 19_000_000),
        "open brackets": (lambda n: b'{"cells":' + b"[" * n, 900_000),
        "empty lists": (lambda n: b'{"cells":[' + b"[]," * n + b"1]}", 900_000),
        "one long number": (lambda n: b'{"cells":[' + b"9" * n + b"]}", 19_000_000),
        "one long string": (lambda n: b'{"cells":["' + b"\\n" * (n // 2) + b'"]}', 19_000_000),
        "escapes cut short": (lambda n: b'{"a":"' + b"\\u00e9" * (n // 6), 19_000_000),
        "bytes that are no UTF-8": (lambda n: b'{"a":"' + b"\xff" * n, 19_000_000),
        "blanks before nothing": (lambda n: b" " * n + b"x", 19_000_000),
        "source in single letters": (lambda n: b'{"cells":[{"source":[' + b'"x",' * n + b'""]}]}', 90_000),
        "keys": (lambda n: json.dumps({"cells": [{str(i): 0 for i in range(n)}]}).encode(), 900_000),
    }


def wire_families() -> dict[str, Family]:
    """Name → (size → payload, the largest size within the caps on what comes out of the sandbox)."""

    def framed(text: bytes, blob: bytes = b"") -> bytes:
        return LENGTH.pack(len(text)) + text + blob

    frame = pack("a", np.zeros(9))[LENGTH.size :]
    tensor = frame[LENGTH.size + LENGTH.unpack_from(frame)[0] :]

    def tensors(number: int) -> bytes:
        return pack("reply", [np.zeros(1, np.uint8)] * number)[LENGTH.size :]

    return {
        "lists of lists": (lambda n: framed(b'["a",[' + b"[]," * (n // 3) + b"0]]"), 3_000_000),
        "nested lists": (lambda n: framed(b'["a",' + b"[" * n), 3_000_000),
        "one long number": (lambda n: framed(b'["a",' + b"9" * n + b"]"), 3_000_000),
        "numbers": (lambda n: framed(b'["a",[' + b"9" * 4000 + b"," * 1 + b"1," * (n // 2) + b"0]]"), 3_000_000),
        "surrogates": (lambda n: framed(b'["a","' + b"\\ud800" * (n // 6) + b'"]'), 3_000_000),
        "keys": (lambda n: framed(json.dumps(["a", {str(i): 0 for i in range(n)}]).encode()), 200_000),
        "many tensors": (tensors, 140_000),
        "one tensor": (lambda n: pack("reply", np.zeros(n, np.uint8))[LENGTH.size :], 16_000_000),
        "none of a tensor, often": (
            lambda n: framed(b'["a",[' + b'{"$array":["<f8",0]},' * (n // 21) + b"0]]", tensor),
            3_000_000,
        ),
        "many dimensions": (lambda n: framed(b'["a",{"$array":["<f8"' + b",9" * (n // 2) + b"]}]", tensor), 3_000_000),
    }


@dataclass(frozen=True)
class Growth:
    """Seconds of CPU time by size for one family of inputs, and the power of the size with which they grow."""

    name: str
    seconds: dict[int, float]

    @property
    def power(self) -> float:
        """The slope of log time over log size up to the largest: from a quarter of it or from half, the gentler one.

        What is truly quadratic has both; the garbage collector, which comes or not, bends one of them.
        """
        sizes = sorted(self.seconds)
        last = max(self.seconds[sizes[-1]], 1e-6)
        return min(log(last / max(self.seconds[size], 1e-6)) / log(sizes[-1] / size) for size in sizes[:-1])

    @property
    def steep(self) -> bool:
        """Whether it is a fault."""
        return self.power > STEEP and max(self.seconds.values()) > SLOW


def growth(families: dict[str, Family], feed: Callable[[bytes], object]) -> Iterator[Growth]:
    """Each family at a quarter, a half and the whole of its largest size; of three runs the quickest counts."""
    for name, (make, largest) in families.items():
        seconds = {}
        for size in (largest // 4, largest // 2, largest):
            data = make(size)
            seconds[size] = min(_seconds(feed, data) for _ in range(3))
        yield Growth(name, seconds)


def _seconds(feed: Callable[[bytes], object], data: bytes) -> float:
    gc.collect()
    start = time.process_time()
    feed(data)
    return time.process_time() - start


def read_or_refuse(assignment: Assignment, data: bytes) -> None:
    """Ingest, where a refusal is as good as a result."""
    with suppress(Ungradable):
        ingest(data, assignment, "hw.py")


def unpack_or_refuse(payload: bytes) -> None:
    """Unpack with the cap that the host puts on what comes out of the sandbox."""
    with suppress(WireError):
        unpack(payload, 3 << 20)


def growth_table(title: str, rows: Sequence[Growth]) -> Table:
    """Seconds at a quarter, a half and the whole of the largest size that is let through."""
    table = Table(title=title, title_justify="left")
    table.add_column("input")
    for heading in ("largest size", "s at ¼", "s at ½", "s at 1", "grows with size to the"):
        table.add_column(heading, justify="right")
    for row in rows:
        seconds = [f"{row.seconds[size]:.3f}" for size in sorted(row.seconds)]
        power = f"{row.power:.2f}" if max(row.seconds.values()) > 0.02 else "(too quick to say)"
        table.add_row(row.name, f"{max(row.seconds):,}", *seconds, f"{power}{' STEEP' if row.steep else ''}")
    return table
